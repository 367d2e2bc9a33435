import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../src/history/events.js';
import { result } from './result.js';
import { adding, changing, find, having, judge, resultOf, type Told } from './story.js';
import { right } from './stories.js';

// The right story has one replica. Here a second one is restarted after it, and session 2 had come back to that one.

const { ready, settle } = right.at;
const again = settle - 150;
const back = find(right, 'ready', ({ session, t }) => session === '2' && t > ready);

const step = (
  t: number,
  name: EventOf<'disruption'>['step'],
  more: Partial<EventOf<'disruption'>> = {},
): EventOf<'disruption'> => ({
  ...{ t, kind: 'disruption', disruption: 0, type: 'rolling', service: 'backend', replica: 1, step: name },
  ...more,
});

const second: Event[] = [
  step(again, 'begin', { instance: 'other-1' }),
  step(again + 1, 'signal', { signal: 'SIGTERM' }),
  step(again + 2, 'exited', { exitCode: 0, killed: false }),
  step(again + 3, 'port-closed'),
  step(again + 4, 'started'),
  step(again + 50, 'ready', { instance: 'other-2' }),
  step(again + 51, 'end'),
];
const closed: Event = {
  ...{ t: again + 5, session: '2', kind: 'close', by: 'target', code: 1012 },
  ...(back.conn === undefined ? {} : { conn: back.conn }),
};
const conn = (back.conn ?? 0) + 1;
const comeback: Event[] = [
  { t: again + 10, session: '2', conn, kind: 'connect', door: 'ws' },
  { t: again + 11, session: '2', conn, kind: 'open', instance: 'boot-2' },
  { t: again + 12, session: '2', conn, kind: 'ready', claims: 'unstated' },
];

/** Session 2 came back to this instance after the first replica was restarted; what it says later it says on its third connection. */
const backTo = (instance: string, told: Told = right): Told =>
  changing(told, (event) => {
    if (!('conn' in event) || event.session !== '2' || event.conn !== back.conn) return event;
    if (event.t > again) return { ...event, conn };
    return event.kind === 'open' ? { ...event, instance } : event;
  });
const rolled = adding(backTo('other-1'), ...second, closed, ...comeback);

describe('a rolling restart', () => {
  it('strikes a session each time that its own instance is stopped, and no other', () => {
    const verdict = judge(rolled);
    expect(having(verdict, 'fail')).toEqual([]);
    const struck = resultOf(verdict, 'connection-was-lost');
    const once = result(right, 'connection-was-lost');
    expect(struck).toMatchObject({ outcome: 'pass', figures: once.figures });
    expect(verdict.figures.disruptedSessions).toBe(judge(right).figures.disruptedSessions);
    expect(verdict.disruptions).toHaveLength(1);
    const times = judge(right).disruptions[0]?.reconnectMs?.n ?? 0;
    expect(verdict.disruptions[0]?.reconnectMs?.n).toBe(times + 1);
  });

  it('is told replica by replica', () => {
    expect(result(rolled, 'exit-code').summary).toMatch(/^backend\.1 and backend\.2 ended by themselves/);
    expect(result(rolled, 'restart').outcome).toBe('pass');
    const unproved = changing(rolled, (event) => {
      if (event.kind !== 'disruption' || event.replica !== 1) return event;
      return event.step === 'port-closed' ? [] : { ...event, instance: 'other-1' };
    });
    expect(result(unproved, 'connection-was-lost')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringContaining('It is not proved that backend.2 was restarted'),
    });
  });

  it('asks a session to come back from the last that struck it', () => {
    expect(result(rolled, 'reconnected').outcome).toBe('pass');
    const gone = adding(backTo('other-1'), ...second, closed);
    expect(result(gone, 'reconnected')).toMatchObject({
      outcome: 'fail',
      summary: 'session 2 did not get the connection back',
    });
  });

  it('counts no wait for a replica while the other one is there', () => {
    const { reconnectSplitMs } = judge(rolled).disruptions[0] ?? {};
    expect(reconnectSplitMs?.down).toBeGreaterThan(0);
    const [last] = judge(
      adding(backTo('other-1', without0(right)), ...second, closed, ...comeback),
    ).disruptions;
    expect(last?.reconnectSplitMs).toMatchObject({ down: 0 });
  });

  it('takes a connection whose instance is not told for one on the replica during whose turn it was lost', () => {
    const silent = changing(rolled, (event) => {
      if (event.kind !== 'open' || event.instance === undefined) return event;
      const { instance: _, ...rest } = event;
      return rest;
    });
    const verdict = judge(rolled);
    const blind = judge(silent);
    expect(having(blind, 'fail')).toEqual([]);
    expect(blind.disruptions[0]?.reconnectMs?.n).toBe(verdict.disruptions[0]?.reconnectMs?.n);
    expect(blind.figures.disruptedSessions).toBe(verdict.figures.disruptedSessions);
  });

  it('sums a session’s downtime: the budget is one for each deploy', () => {
    const own = result(rolled, 'availability').figures['sessions'];
    expect(own).toBe(result(right, 'availability').figures['sessions']);
  });
});

describe('a replica that stood in for others', () => {
  const standIn: Event[] = [
    step(right.at.signal - 100, 'started', { replica: 2 }),
    step(right.at.signal - 50, 'ready', { replica: 2, instance: 'spare-1' }),
    step(again + 1, 'signal', { replica: 2, signal: 'SIGTERM' }),
    step(again + 2, 'exited', { replica: 2, exitCode: 0, killed: false }),
    step(again + 3, 'port-closed', { replica: 2 }),
    step(again + 4, 'end', { replica: 2 }),
  ];

  it('strikes those who are on it when it is sent back, and counts as no restart', () => {
    const verdict = judge(adding(backTo('spare-1'), ...standIn, closed, ...comeback));
    expect(having(verdict, 'fail')).toEqual([]);
    expect(resultOf(verdict, 'reconnected').outcome).toBe('pass');
    const times = judge(right).disruptions[0]?.reconnectMs?.n ?? 0;
    expect(verdict.disruptions[0]?.reconnectMs?.n).toBe(times + 1);
    expect(resultOf(verdict, 'exit-code').summary).toMatch(/^backend ended by itself/);
  });

  it('does not begin the disruption for the sessions on the others', () => {
    const early = judge(adding(backTo('spare-1'), ...standIn, closed, ...comeback));
    expect(early.disruptions[0]?.restartMs).toBe(judge(right).disruptions[0]?.restartMs);
  });
});

/** Nobody but session 2 was struck by the first. */
function without0(told: Told): Told {
  const others = (event: Event) => 'session' in event && event.session !== '2';
  return {
    ...told,
    events: told.events.map((event) =>
      others(event) && event.kind === 'open' && event.t < right.at.signal
        ? { ...event, instance: 'third' }
        : event,
    ),
  };
}
