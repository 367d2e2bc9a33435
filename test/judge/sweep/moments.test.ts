import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { momentsOf } from '../../../src/judge/sweep/moments.js';
import { adding, changing, find } from '../story.js';
import { right } from '../stories.js';

const { signal, ready } = right.at;

const step = (t: number, name: EventOf<'disruption'>['step'], more: Partial<EventOf<'disruption'>> = {}) => {
  const about = { kind: 'disruption', disruption: 1, type: 'crash', service: 'backend' } as const;
  return { t, ...about, step: name, ...more };
};
/** A second disruption, killed at `t`. */
const killed = (t: number): Event[] => [
  step(t - 1, 'begin', { instance: 'boot-2' }),
  step(t, 'signal', { signal: 'SIGKILL' }),
  step(t + 5, 'started'),
  step(t + 90, 'ready', { instance: 'boot-3' }),
];
const distance = (kind: Event['kind'], t: number) =>
  Math.min(...right.events.filter((event) => event.kind === kind).map((event) => Math.abs(event.t - t)));

describe('the moment of a restart', () => {
  it('tells what it struck with, and how far the nearest message and the nearest acknowledgement were', () => {
    expect(momentsOf(right.events)).toEqual([
      {
        ...{ disruption: 0, type: 'restart', signal: 'SIGTERM', struckAt: signal },
        ...{ sendMs: distance('written', signal), ackMs: distance('ack', signal) },
        ...{ catchingUp: 0, whileStarting: false },
      },
    ]);
  });

  it('is the same in whatever order a history is written down', () => {
    expect(momentsOf([...right.events].reverse())).toEqual(momentsOf(right.events));
  });

  it('is told of each, and nothing is told of one that did nothing', () => {
    const t = ready + 300;
    const all = momentsOf(adding(right, ...killed(t), step(t + 95, 'begin', { disruption: 2 })).events);
    expect(all).toMatchObject([{ disruption: 0 }, { disruption: 1, signal: 'SIGKILL', struckAt: t }]);
  });

  it('has no distance where nothing was sent', () => {
    const { events } = changing(right, (event) =>
      event.kind === 'written' || event.kind === 'ack' ? [] : event,
    );
    expect(momentsOf(events)).toMatchObject([{ sendMs: null, ackMs: null }]);
  });
});

describe('a restart while a session was catching up', () => {
  const absentee = right.header.plan.sessions.find(({ role }) => role === 'absentee')?.session ?? '';
  const back = find(right, 'ready', ({ session, t }) => session === absentee && t > ready).t;
  const after = (t: number) => momentsOf(adding(right, ...killed(t)).events)[1]?.catchingUp;

  it('is told by the sessions that are back and have not got yet what they missed', () => {
    // One absentee in each of two rooms, and both come back at the same moment.
    expect(after(back + 0.0005)).toBe(2);
  });

  it('is over when they have it, and not begun before they are back', () => {
    expect(after(back - 1)).toBe(0);
    expect(after(back + 50)).toBe(0);
  });

  it('is over as well when what follows the replay has come, though something of it is lost for good', () => {
    const lost = find(right, 'receive', ({ session, t }) => session === absentee && t > back).message;
    const lossy = changing(right, (event) =>
      event.kind === 'receive' && event.session === absentee && event.message === lost ? [] : event,
    );
    expect(momentsOf(adding(lossy, ...killed(back + 60)).events)[1]?.catchingUp).toBe(0);
  });
});

describe('a restart while the target was starting', () => {
  const [begin, first, started, whole] = killed(ready + 300);
  const again = (t: number) =>
    [begin, first, started, step(t, 'signal', { signal: 'SIGKILL' }), whole].flatMap((one) => one ?? []);

  it('is one that strikes again before it is ready', () => {
    const events = adding(right, ...again(ready + 340)).events;
    expect(momentsOf(events)[1]).toMatchObject({ struckAt: ready + 300, whileStarting: true });
  });

  it('is not one that is killed past its grace', () => {
    const late = { ...step(signal + 10, 'signal', { signal: 'SIGKILL' }), disruption: 0 };
    expect(momentsOf(adding(right, late).events)[0]).toMatchObject({ whileStarting: false });
  });
});

describe('the moment of a disruption that is told in a few events', () => {
  const of = (...events: Event[]) => momentsOf(events);
  const written = (t: number): Event => ({ t, session: '1', kind: 'written', message: 'm', attempt: 1 });
  const ack = (t: number): Event => ({ t, session: '1', kind: 'ack', message: 'm' });

  it('is its first signal, or its begin where no signal is seen and something was done', () => {
    expect(of(step(5, 'begin'), step(9, 'signal'), step(7, 'signal', { signal: 'SIGTERM' }))).toMatchObject([
      { struckAt: 7, signal: 'SIGTERM', disruption: 1, type: 'crash' },
    ]);
    expect(of(step(5, 'begin'), step(8, 'exited'))).toMatchObject([{ struckAt: 5, signal: null }]);
    expect(of(step(5, 'begin'), step(6, 'failed'), step(7, 'begin'))).toEqual([]);
    expect(of()).toEqual([]);
  });

  it.each([
    [[], null],
    [[10], 0],
    [[4], 6],
    [[16], 6],
    [[4, 13], 3],
    [[9, 30], 1],
    [[1, 2, 3, 4, 11], 1],
    [[8, 20, 30, 40, 50], 2],
    [[1, 5, 9, 12, 30, 80], 1],
  ])('is so far from the nearest of %j: %s', (times, far) => {
    const moments = of(
      step(9.5, 'begin'),
      step(10, 'signal'),
      ...times.map(written),
      ...times.map((t) => ack(t + 1_000)),
    );
    expect(moments[0]?.sendMs).toBe(far);
    expect(moments[0]?.ackMs).toBe(far === null ? null : 990 + Math.min(...times));
  });

  it('is while the target was starting where the same replica is struck again before it is ready', () => {
    const starting = (...steps: Event[]) =>
      of(step(1, 'begin'), step(2, 'signal'), ...steps)[0]?.whileStarting;
    expect(starting(step(3, 'started'), step(4, 'signal'))).toBe(true);
    expect(starting(step(3, 'started'), step(4, 'ready'), step(5, 'signal'))).toBe(false);
    expect(starting(step(3, 'started'), step(4, 'signal', { replica: 1 }))).toBe(false);
    expect(starting(step(3, 'started'), step(4, 'signal', { replica: 0 }))).toBe(true);
    expect(starting(step(3, 'started'), step(4, 'signal', { service: 'auth' }))).toBe(false);
    expect(starting(step(3, 'started'), step(4, 'ready', { replica: 1 }), step(5, 'signal'))).toBe(true);
    expect(starting(step(3, 'started'), step(4, 'signal', { disruption: 2 }))).toBe(false);
    expect(starting(step(3, 'started'), step(4, 'exited'))).toBe(false);
  });
});
