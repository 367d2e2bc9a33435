import { describe, expect, it } from 'vitest';
import type { Event, PlannedSession } from '../../../src/history/events.js';
import { threadOf, throughAt } from '../../../src/judge/derived/thread.js';
import { messages } from '../../../src/judge/facts/messages.js';
import {
  arrives,
  hears,
  idOf,
  loses,
  restarts,
  says,
  step,
  telling,
  type Setting,
  type Telling,
} from './telling.js';

const down = restarts(999, 1_200);
const thread = (...events: readonly Telling[]) => threadOf(telling({}, down, ...events));
const numbersOf = (all: readonly { readonly number: number }[] | undefined) =>
  all?.map(({ number }) => number);

describe('how the chat went on over the restart', () => {
  it('is not asked where nothing was disrupted', () => {
    expect(threadOf(telling({}, says(100, '1', 1)))).toBeNull();
    expect(threadOf(telling({}, step(999, 'begin'), says(100, '1', 1)))).toBeNull();
  });

  it('begins with what got through before anything was disrupted', () => {
    const found = thread(
      says(100, '1', 1),
      says(997, '1', 2),
      says(998, '1', 3),
      says(90, '1', 4, { ackAt: null }),
    );
    expect(numbersOf(found?.before)).toEqual([1, 2]);
  });

  it('goes on with what was sent since the target was ready again', () => {
    const found = thread(says(1_199, '1', 1), says(1_200, '1', 2), says(1_300, '1', 3, { ackAt: null }));
    expect(numbersOf(found?.sentAfter)).toEqual([2, 3]);
    expect(numbersOf(found?.throughAfter)).toEqual([2]);
    expect(numbersOf(thread(says(1_300, '1', 1).slice(1))?.sentAfter)).toEqual([]);
  });

  it('counts the attempts from the beginning of the disruption until the chat settled', () => {
    const settle: Event = { t: 1_500, kind: 'phase', phase: 'settle' };
    const again: Event = {
      ...{ t: 1_100, session: '1', conn: 1, kind: 'written', message: idOf('1', 2), attempt: 2 },
    };
    const sent = [998, 999, 1_499, 1_500].map((t, index) => says(t, '1', index + 1));
    expect(thread(sent, settle)?.attemptsDuring).toBe(2);
    expect(thread(sent, settle, again)?.attemptsDuring).toBe(3);
  });

  it('was acknowledged in the last moment before the signal; of several, before the one that met the fewest', () => {
    const ackedAt = (...times: readonly number[]) =>
      times.map((ackAt, index) => says(ackAt - 1, '1', index + 1, { ackAt }));
    expect(thread(ackedAt(749, 750, 900, 1_000, 1_001))?.lastMoment).toBe(3);
    const second = restarts(2_999, 3_200, { disruption: 1 });
    expect(thread(second, ackedAt(900, 950, 2_900))?.lastMoment).toBe(1);
    expect(thread(second, ackedAt(900, 2_900, 2_950))?.lastMoment).toBe(1);
    const unstruck = [step(4_000, 'begin', { disruption: 2 }), step(4_100, 'end', { disruption: 2 })];
    expect(thread(unstruck, ackedAt(900))?.lastMoment).toBe(1);
    expect(thread()?.lastMoment).toBe(0);
  });

  it('was quiet before each signal in whose last moment nothing was acknowledged', () => {
    const second = restarts(2_999, 3_200, { disruption: 1 });
    const third = step(4_000, 'begin', { disruption: 2 });
    const quiet = (...times: readonly number[]) =>
      thread(
        second,
        third,
        times.map((ackAt, index) => says(ackAt - 1, '1', index + 1, { ackAt })),
      )?.quiet.map(({ index }) => index);
    expect([quiet(), quiet(900), quiet(2_900), quiet(900, 2_900)]).toEqual([[0, 1], [1], [0], []]);
  });

  it('is over only when all doors are ready, and the disruption has come to its end', () => {
    const found = thread(step(1_400, 'end'), says(1_399, '1', 1), says(1_400, '1', 2));
    expect(numbersOf(found?.sentAfter)).toEqual([2]);
  });
});

describe('a retry of what was acknowledged', () => {
  const again = (t: number, ackAt: number | null, number = 1): Event[] => {
    const its = { session: '1', conn: 1, message: idOf('1', number) } as const;
    return [
      { t, ...its, kind: 'written', attempt: 2 },
      ...(ackAt === null ? [] : [{ t: ackAt, ...its, kind: 'ack' } satisfies Event]),
    ];
  };
  const retries = (...events: readonly Telling[]) => thread(...events)?.retries;

  it('was sent again since the signal, and answered again', () => {
    expect(retries(says(100, '1', 1), again(1_300, 1_301))).toBe(1);
    expect(retries(says(100, '1', 1), again(1_000, 1_301))).toBe(1);
    expect(retries(says(100, '1', 1), again(999, 1_301))).toBe(0);
    expect(retries(says(100, '1', 1), again(1_300, null))).toBe(0);
    expect(retries(says(100, '1', 1), again(1_300, 1_300))).toBe(0);
    expect(retries(says(100, '1', 1))).toBe(0);
  });

  it('was sent again since the last of several signals: before that it shows nothing of the last', () => {
    const second = restarts(2_999, 3_200, { disruption: 1 });
    expect(retries(second, says(100, '1', 1), again(1_300, 1_301))).toBe(0);
    expect(retries(second, says(100, '1', 1), again(3_000, 3_001))).toBe(1);
    const unstruck = step(4_000, 'begin', { disruption: 2 });
    expect(retries(second, unstruck, says(100, '1', 1), again(3_000, 3_001))).toBe(1);
  });

  it('had been acknowledged before it', () => {
    expect(retries(says(1_100, '1', 1, { ackAt: null }), again(1_300, 1_301))).toBe(0);
    expect(retries(says(1_100, '1', 1, { ackAt: 1_300 }), again(1_300, 1_301))).toBe(0);
    expect(retries(says(1_100, '1', 1, { ackAt: 1_299 }), again(1_300, 1_301))).toBe(1);
  });

  it('counts for what is so old that only its number was remembered', () => {
    const sessions: readonly PlannedSession[] = [{ session: '1', role: 'chatter', rooms: ['r1'] }];
    const old = [says(100, '1', 1), says(80_000, '1', 2), restarts(100_000, 100_200)];
    const retried = (...events: readonly Telling[]) =>
      threadOf(telling({ sessions }, old, ...events))?.retries;
    expect(retried(again(100_300, 100_301))).toBe(1);
    expect(retried(again(100_300, null))).toBe(0);
    expect(retried()).toBe(0);
  });
});

describe('an absentee', () => {
  const away = [
    ...arrives(10, '1', { instance: 'old' }),
    { t: 500, session: '1', kind: 'cut' },
    loses(501, '1', 1, 'network'),
    { t: 1_300, session: '1', kind: 'uncut' },
  ] as const;
  const idle = (...events: readonly Telling[]) => thread(away, ...events)?.idleAbsentees;

  it('was idle where nothing was sent to its room, after it was cut and before the restart', () => {
    expect(idle()).toEqual(['1']);
    expect(idle(says(499, '2', 1))).toEqual(['1']);
    expect(idle(says(500, '2', 1))).toEqual([]);
    expect(idle(says(999, '2', 1))).toEqual([]);
    expect(idle(says(1_000, '2', 1))).toEqual(['1']);
  });

  it('was owed nothing that did not get through, that it said itself, or that was said elsewhere', () => {
    expect(idle(says(600, '2', 1, { ackAt: null }))).toEqual(['1']);
    expect(idle(says(600, '1', 1))).toEqual(['1']);
    expect(idle(says(600, '2', 1, { room: 'r2' }))).toEqual(['1']);
    expect(idle(says(600, '2', 1).slice(1))).toEqual(['1']);
  });

  it('is one that was away when it struck: others are not idle', () => {
    expect(thread(arrives(10, '1', { instance: 'old' }), loses(1_005, '1'))?.idleAbsentees).toEqual([]);
  });
});

describe('a message got through', () => {
  const through = (without: Setting['without'], ...events: readonly Telling[]) => {
    const context = telling({ without: without ?? {} }, ...events);
    return [...context.facts(messages).messages.values()].map((message) => throughAt(context, message));
  };
  const heard = [hears(150, '1', ['1', 1]), hears(140, '3', ['1', 1]), hears(130, '2', ['1', 1])];

  it('when it was acknowledged', () => {
    expect(through({}, says(100, '1', 1, { ackAt: 120 }), heard)).toEqual([120]);
    expect(through({}, says(100, '1', 1, { ackAt: null }), heard)).toEqual([null]);
  });

  it('when the first of the others received it, where nothing is acknowledged', () => {
    const silent = { acknowledgements: 'there are none' };
    expect(through(silent, says(100, '1', 1, { ackAt: 120 }), heard)).toEqual([130]);
    expect(through(silent, says(100, '1', 1), hears(150, '1', ['1', 1]))).toEqual([null]);
  });
});
