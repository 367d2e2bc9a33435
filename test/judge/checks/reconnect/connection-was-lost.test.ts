import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../../src/history/events.js';
import type { Contract } from '../../../../src/contract/data.js';
import { arrives, loses, restarts, step, type Telling } from '../../derived/telling.js';
import { planned } from '../../planned.js';
import { right, unnoticed } from '../../stories.js';
import { adding, changing, find, under, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';
import { restarted } from '../restarted.js';

const { signal, ready } = right.at;
const id = 'connection-was-lost';

type Step = EventOf<'disruption'>;
/** The same instance answers before and after, and its door was never seen closed. */
const unproved = changing(right, (event) => {
  if (event.kind !== 'disruption') return event;
  if (event.step === 'port-closed') return [];
  return event.step === 'ready' ? { ...event, instance: 'boot-1' } : event;
});
const beside = (told: Told, ...steps: readonly (Partial<Step> & Pick<Step, 't' | 'step'>)[]) =>
  adding(
    told,
    ...steps.map((step): Event => ({
      kind: 'disruption',
      disruption: 0,
      type: 'restart',
      service: 'auth',
      ...step,
    })),
  );
/** The door's manager says this before and after. */
const saying = (before: string | undefined, after: string | undefined) =>
  changing(unproved, (event) => {
    if (event.kind !== 'disruption') return event;
    if (event.step === 'begin') return { ...event, ...(before === undefined ? {} : { identity: before }) };
    return event.step === 'ready' ? { ...event, ...(after === undefined ? {} : { identity: after }) } : event;
  });

describe('connection-was-lost', () => {
  it('is unknown where nothing was disrupted', () => {
    expect(
      whole(
        without(right, ({ kind }) => kind === 'disruption'),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'Nothing was disrupted in this history, so nothing is proved',
      figures: {},
      shows: '',
      blames: '',
    });
  });

  it('names each service of which the restart is not proved, and blames it', () => {
    const told = beside(
      unproved,
      { t: signal, step: 'begin' },
      { t: signal + 1, step: 'signal' },
      { t: ready + 3, step: 'ready', instance: 'a-2' },
    );
    expect(whole(told, id)).toEqual({
      is: 'unknown',
      says: 'It is not proved that backend and auth were restarted: the same instance, or none that names itself, answered before and after, and their ports were never seen closed',
      figures: {},
      shows: 'disruption@1300, disruption@1502, disruption@1301, disruption@1504',
      blames: 'service backend, service auth',
    });
  });

  it('names only the service of which it is not proved', () => {
    const told = beside(
      right,
      { t: signal, step: 'begin', instance: 'a-1' },
      { t: signal + 1, step: 'signal' },
      { t: ready + 3, step: 'ready', instance: 'a-1' },
    );
    expect(whole(told, id)).toMatchObject({
      is: 'unknown',
      says: 'It is not proved that auth was restarted: the same instance, or none that names itself, answered before and after, and its port was never seen closed',
      blames: 'service auth',
    });
  });

  it.each([
    ['names the same twice', 'pid 1', 'pid 1', /: the command restarted nothing$/],
    [
      'names another',
      'pid 1',
      'pid 2',
      /names another than before, which shows that something was restarted, and not that it answers here$/,
    ],
    ['names nothing before', undefined, 'pid 2', /never seen closed$/],
    ['names nothing after', 'pid 1', undefined, /never seen closed$/],
  ])('says what a manager says beside the door, where it %s', (_, before, after, words) => {
    expect(whole(saying(before, after), id).says).toMatch(words);
  });

  describe('of what restarts nothing', () => {
    const { header, events } = planned(right, { type: 'network', lacks: { restart: 'it cuts the network' } });
    const fault = (held: Partial<Step>, released: Partial<Step>): Told => ({
      header,
      events: changing({ header, events }, (event) => {
        if (event.kind !== 'disruption') return event;
        const { t, disruption } = event;
        const step = { t, kind: 'disruption', type: 'network', service: 'backend', disruption } as const;
        if (event.step === 'signal') return { ...step, step: 'held', ...held };
        if (event.step === 'ready') return { ...step, step: 'released', ...released };
        return event.step === 'begin' || event.step === 'end' ? { ...step, step: event.step } : [];
      }).events,
    });

    it('wants to see that it met a connection', () => {
      expect(whole(fault({ connections: 0 }, {}), id)).toEqual({
        is: 'unknown',
        says: 'It is not proved that the network fault of backend ever had any effect',
        figures: {},
        shows: 'disruption@1300, disruption@1301, disruption@1502',
        blames: 'service backend',
      });
      expect(whole(fault({}, { connections: 0 }), id).is).toBe('unknown');
      expect(whole(fault({ connections: 0 }, { connections: 6 }), id)).toEqual({
        is: 'pass',
        says: 'The network fault is proved; 6 sessions of 6 lost the connection by it',
        figures: { sessions: 6, lost: 6 },
        shows: 'disruption@1300, disruption@1301, close@1306 s1, close@1306.1 s2, close@1306.3 s4',
        blames: '',
      });
    });
  });

  it('fails for all who lost it where the contract promises that nobody does', () => {
    const close = find(right, 'close', ({ session }) => session === '2');
    const back = right.events.filter(
      (event) => 'conn' in event && event.session === '2' && event.t > close.t,
    );
    const told = adding(
      without(unnoticed, (event) => back.includes(event)),
      close,
      ...back,
    );
    expect(whole(under(told, exactlyOnce({ connectionLost: 'never' })), id)).toEqual({
      is: 'fail',
      says: 'The contract promises that nobody notices, and session 2 lost the connection by the restart',
      figures: { sessions: 6, lost: 1 },
      shows: 'disruption@1300, disruption@1323, disruption@1502, close@1306.1 s2',
      blames: 'session 2',
    });
  });

  describe('of several disruptions', () => {
    const here = arrives(100, '1', { instance: 'old' });
    const back = [loses(1_010, '1'), arrives(1_200, '1', { conn: 2, instance: 'new' })];
    const second = restarts(1_400, 1_500, { disruption: 1, instance: 'new' });
    const isProved = step(1_403, 'port-closed', { disruption: 1 });
    const said = (connectionLost: Contract['connectionLost'], ...events: readonly Telling[]) =>
      whole(restarted({ contract: { connectionLost } }, here, back, ...events), id);

    it('passes where each was noticed', () => {
      const lost = loses(1_410, '1', 2);
      expect(said('expected', second, isProved, lost)).toMatchObject({
        is: 'pass',
        says: 'The restart is proved; 1 session of 1 lost the connection by it',
      });
    });

    it('is unknown where it was expected of each, and one was not noticed by those who were there', () => {
      expect(said('expected', second, isProved)).toMatchObject({
        is: 'unknown',
        says: 'The restart is proved, and no session lost its connection by disruption 2; the contract expects that they do',
      });
      expect(said('allowed', second, isProved).is).toBe('pass');
      const gone = loses(1_300, '1', 2);
      expect(said('expected', second, isProved, gone).is).toBe('pass');
    });

    it('fails for one that was noticed in spite of the promise, whatever is proved of the others', () => {
      expect(said('never', second)).toMatchObject({
        is: 'fail',
        says: 'The contract promises that nobody notices, and session 1 lost the connection by the restart',
        figures: { sessions: 1, lost: 1 },
      });
      expect(said('allowed', second).is).toBe('unknown');
    });
  });

  it('passes where nobody lost it, and is unknown where that was expected of somebody, or may still come', () => {
    expect(whole(unnoticed, id)).toEqual({
      is: 'pass',
      says: 'The restart is proved, and no session lost its connection by it',
      figures: { sessions: 6, lost: 0 },
      shows: 'disruption@1300, disruption@1323, disruption@1502',
      blames: '',
    });
    const expected = under(unnoticed, exactlyOnce({ connectionLost: 'expected' }));
    expect(whole(expected, id)).toEqual({
      is: 'unknown',
      says: 'The restart is proved, and no session lost its connection by it; the contract expects that they do',
      figures: { sessions: 6, lost: 0 },
      shows: 'disruption@1300, disruption@1323, disruption@1502',
      blames: '',
    });
    expect(whole(planned(expected, { lacks: { loss: 'it breaks none' } }), id).is).toBe('pass');
    const stopped = changing(unnoticed, (event) =>
      event.kind === 'end' ? { ...event, how: 'interrupted' } : event,
    );
    expect(whole(stopped, id)).toMatchObject({
      is: 'unknown',
      says: 'The restart is proved, and no session lost its connection by it, as far as the history goes',
    });
  });
});
