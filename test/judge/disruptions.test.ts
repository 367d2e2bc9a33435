import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../src/history/events.js';
import { result } from './result.js';
import { adding, changing, find, having, judge, resultOf, without, type Told } from './story.js';
import { right } from './stories.js';

const { signal, ready, settle } = right.at;

const step = (t: number, name: EventOf<'disruption'>['step'], more: Partial<EventOf<'disruption'>> = {}) =>
  ({
    t,
    kind: 'disruption',
    disruption: 1,
    type: 'restart',
    service: 'backend',
    step: name,
    ...more,
  }) as const;

describe('a restart of what holds no connections', () => {
  const { header, events } = without(right, (event) => {
    const isLoss =
      'conn' in event && event.t > signal && event.t < settle && !['3', '8'].includes(event.session);
    return (isLoss && !['written', 'ack', 'receive'].includes(event.kind)) || event.kind === 'unoffered';
  });
  const disruptions = [{ type: 'restart', services: ['backend'], holdsConnections: false }];
  const told: Told = { header: { ...header, plan: { ...header.plan, disruptions } }, events };

  it('asks nobody to come back but those who were away, and times nobody', () => {
    expect(result(told, 'connection-was-lost').outcome).toBe('pass');
    expect(result(told, 'came-back')).toMatchObject({ outcome: 'pass', figures: { sessions: 2 } });
    expect(result(told, 'reconnect-time')).toMatchObject({
      outcome: 'pass',
      summary: expect.stringMatching(/nobody had to wait/),
    });
    expect(result(told, 'availability')).toMatchObject({ outcome: 'pass', figures: { sessions: 0 } });
    expect(having(judge(told), 'fail')).toEqual([]);
  });
});

describe('a second restart in the same run', () => {
  const again = settle + 200;
  const { conn } = find(right, 'ready', ({ session, t }) => session === '2' && t > ready);
  const second: Event[] = [
    step(again, 'begin', { instance: 'boot-2' }),
    step(again + 1, 'signal'),
    step(again + 2, 'exited', { exitCode: 0, killed: false }),
    step(again + 50, 'ready', { instance: 'boot-3' }),
    {
      t: again + 10,
      session: '2',
      kind: 'close',
      by: 'target',
      code: 1012,
      ...(conn === undefined ? {} : { conn }),
    },
  ];
  const twice: Told = adding(right, ...second);

  it('is judged by itself: who came back from the first is not back from the second', () => {
    const verdict = judge(twice);
    expect(resultOf(verdict, 'reconnected')).toMatchObject({
      outcome: 'fail',
      summary: 'session 2 did not get the connection back',
    });
    expect(verdict.disruptions).toHaveLength(2);
    expect(verdict.disruptions[1]).toMatchObject({ restartMs: 49, reconnectMs: null });
  });

  it('lends the first no look at the door: where nobody saw that one ready before it ended, its own word counts', () => {
    const unseen = without(twice, (event) => event.kind === 'probe' && event.t >= ready && event.t < again);
    const late = { kind: 'probe', service: 'backend', spacing: 20, up: true, ready: true } as const;
    const verdict = judge(adding(unseen, { t: again + 60, ...late, instance: 'boot-3' }));
    expect(verdict.disruptions.map(({ restartMs }) => restartMs)).toEqual([201, 59]);
  });

  it('does not make the return from the first a loop', () => {
    const connect: Event[] = [
      { t: again + 60, session: '2', conn: 3, kind: 'connect', door: 'ws' },
      { t: again + 61, session: '2', conn: 3, kind: 'open', instance: 'boot-3' },
      { t: again + 62, session: '2', conn: 3, kind: 'ready', claims: 'unstated' },
    ];
    expect(result(adding(twice, ...connect), 'reconnected').outcome).toBe('pass');
  });
});

describe('what a manager says beside the door', () => {
  const told = (before: string, after: string) => {
    const unproved = changing(right, (event) => {
      if (event.kind !== 'disruption') return event;
      if (event.step === 'port-closed') return [];
      if (event.step === 'begin') return { ...event, identity: before };
      return event.step === 'ready' ? { ...event, instance: 'boot-1', identity: after } : event;
    });
    return result(unproved, 'connection-was-lost');
  };

  it('proves nothing, and says where to look', () => {
    expect(told('pid 1', 'pid 1')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/names the same before and after: the command restarted nothing$/),
    });
    expect(told('pid 1', 'pid 2')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/names another than before/),
    });
    expect(result(right, 'connection-was-lost').outcome).toBe('pass');
  });
});

describe('when something was lost, in words', () => {
  const lostAt = (told: Told, from: number, to: number) => {
    const receipt = find(told, 'receive', ({ session, t }) => session === '2' && t > from && t < to);
    return result(
      without(told, (event) => event === receipt),
      'messages-lost',
    ).summary;
  };

  it('is told relative to the signal, or to the return of the target', () => {
    expect(lostAt(right, signal - 40, signal)).toMatch(/sent \d+ ms before the signal$/);
    expect(lostAt(right, ready + 60, settle)).toMatch(/sent \d+ ms after it was ready again$/);
    const killed = changing(right, (event) =>
      event.kind === 'disruption' && event.step === 'signal' ? { ...event, signal: 'SIGKILL' } : event,
    );
    expect(lostAt(killed, signal - 40, signal)).toMatch(/before the process was killed$/);
    const attached = changing(right, (event) => {
      if (event.kind !== 'disruption' || event.step !== 'signal') return event;
      const { signal: _signal, ...rest } = event;
      return rest;
    });
    expect(lostAt(attached, signal - 40, signal)).toMatch(/before the restart$/);
  });

  it('spans the signal where the messages do', () => {
    const isIts = (event: Event) =>
      event.kind === 'receive' && event.session === '2' && event.message?.startsWith('abcd1234.1.') === true;
    const story = without(right, (event) => isIts(event) && event.t > signal - 40 && event.t < ready + 90);
    expect(result(story, 'messages-lost').summary).toMatch(
      /sent between \d+ ms before and \d+ ms after the signal/,
    );
  });
});
