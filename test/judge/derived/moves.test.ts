import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { atMostLikely } from '../../../src/judge/derived/chance.js';
import { movesOf, preferenceOf } from '../../../src/judge/derived/moves.js';
import { arrives, loses, restarts, step, telling, type Setting, type Telling } from './telling.js';

const turn = (t: number, readyAt: number, replica: number, from: string, to: string) =>
  restarts(t, readyAt, { replica, instance: from }).map((one) =>
    one.step === 'ready' ? { ...one, instance: to } : one,
  );
/** `a` becomes `a2` at 1,200, and `b` becomes `b2` at 5,200. */
const rollout = [turn(999, 1_200, 0, 'a', 'a2'), turn(4_999, 5_200, 1, 'b', 'b2')];
const notice: Setting = { contract: { rollout: { noticeMs: 100 } } };

const movesIn = (...events: readonly Telling[]) =>
  movesOf(telling(notice, rollout, ...events)).map(({ session, disruption, disconnects }) => [
    ...[session, disruption.index, disconnects.map(({ connection, why }) => [connection.number, why])],
  ]);

describe('what a rollout does to a session', () => {
  it('is nothing to one that keeps its connection', () => {
    expect(movesIn(arrives(10, '1', { instance: 'c' }))).toEqual([['1', 0, []]]);
  });

  it('is not told of one that had no connection when it began, and of nobody who is no resident', () => {
    expect(movesIn(arrives(996, '1', { instance: 'a' }), loses(1_005, '1'))).toEqual([]);
    expect(movesIn(arrives(995, '1', { instance: 'a' }), loses(1_005, '1'))).toHaveLength(1);
    expect(movesIn(arrives(10, '1', { instance: 'a' }), loses(998, '1'))).toEqual([]);
    expect(movesIn(arrives(10, '1', { instance: 'a' }), loses(999, '1'))).toHaveLength(1);
    const unready = arrives(10, '1', { instance: 'a' }).filter(({ kind }) => kind !== 'ready');
    expect(movesIn(unready, loses(1_005, '1'))).toEqual([]);
    const sessions = [{ session: '1', role: 'auditor', rooms: ['r1'] } as const];
    expect(movesOf(telling({ sessions }, rollout, arrives(10, '1', { instance: 'a' })))).toEqual([]);
  });

  it('was needed where its instance was restarted, and no restarted one was there when it had come', () => {
    expect(movesIn(arrives(10, '1', { instance: 'a' }), loses(1_005, '1'))).toEqual([
      ['1', 0, [[1, 'needed']]],
    ]);
  });

  it('could have been avoided where a restarted one was there by then, for as long as a balancer may take', () => {
    const moved = (t: number) => [
      ...[arrives(10, '1', { instance: 'a' }), loses(1_005, '1')],
      ...[arrives(t, '1', { conn: 2, instance: 'b' }), loses(5_005, '1', 2)],
    ];
    expect(movesIn(moved(1_299))).toEqual([
      [
        ...['1', 0],
        [
          [1, 'needed'],
          [2, 'needed'],
        ],
      ],
    ]);
    expect(movesIn(moved(1_300))[0]?.[2]).toEqual([
      [1, 'needed'],
      [2, 'avoidable'],
    ]);
    const silent = moved(1_300).map((told) => [told].flat().filter(({ kind }) => kind !== 'connect'));
    expect(movesIn(silent)[0]?.[2]).toEqual([
      [1, 'needed'],
      [2, 'avoidable'],
    ]);
    const silentBefore = moved(1_298).map((told) => [told].flat().filter(({ kind }) => kind !== 'connect'));
    expect(movesIn(silentBefore)[0]?.[2]).toEqual([
      [1, 'needed'],
      [2, 'needed'],
    ]);
  });

  it('was needless where its own instance was not being restarted', () => {
    expect(movesIn(arrives(10, '1', { instance: 'b' }), loses(1_005, '1'))[0]?.[2]).toEqual([
      [1, 'needless'],
    ]);
    const late = [arrives(10, '1', { instance: 'a' }), loses(2_200, '1')];
    expect(movesIn(late)[0]?.[2]).toEqual([[1, 'needless']]);
  });

  it('is no loss that its own session or its network made, nor one long after it', () => {
    const here = arrives(10, '1', { instance: 'b' });
    expect(movesIn(here, loses(1_005, '1', 1, 'session'))[0]?.[2]).toEqual([]);
    const cut: Event = { t: 1_004, session: '1', kind: 'cut' };
    expect(movesIn(here, cut, loses(1_005, '1', 1, 'network'))[0]?.[2]).toEqual([]);
    expect(movesIn(here, loses(6_199, '1'))[0]?.[2]).toHaveLength(1);
    expect(movesIn(here, loses(6_200, '1'))[0]?.[2]).toEqual([]);
    const audit: Event = { t: 1_500, kind: 'phase', phase: 'audit' };
    expect(movesIn(here, audit, loses(1_499, '1'))[0]?.[2]).toHaveLength(1);
    expect(movesIn(here, audit, loses(1_500, '1'))[0]?.[2]).toEqual([]);
  });

  it('is no loss of a connection that was never ready', () => {
    const unready = arrives(1_100, '1', { conn: 2, instance: 'b' }).filter(({ kind }) => kind !== 'ready');
    expect(movesIn(arrives(10, '1', { instance: 'c' }), unready, loses(1_105, '1', 2))[0]?.[2]).toEqual([]);
  });

  it('is over when the next disruption begins', () => {
    const next = turn(5_500, 5_700, 0, 'a2', 'a3').map((one) => ({ ...one, disruption: 1 }));
    const here = arrives(10, '1', { instance: 'b' });
    expect(movesIn(next, here, loses(5_499, '1')).map(([, , lost]) => lost)).toEqual([[[1, 'needed']]]);
    expect(movesIn(next, here, loses(5_500, '1')).map(([, , lost]) => lost)).toEqual([[], [[1, 'needed']]]);
    const since = arrives(5_500, '1', { conn: 2, instance: 'a2' });
    expect(movesIn(next, here, loses(5_005, '1'), since).map(([, , lost]) => lost)).toEqual([
      [[1, 'needed']],
    ]);
  });

  it('is told of disruptions that struck', () => {
    const nothing = [step(6_500, 'begin', { disruption: 1 }), step(6_600, 'end', { disruption: 1 })];
    expect(movesIn(nothing, arrives(10, '1', { instance: 'c' })).map(([, index]) => index)).toEqual([0]);
  });

  it('is no idle time-out', () => {
    const idle = ['1', '2', '3'].flatMap((session) => [
      ...[arrives(1_997, session, { instance: 'b' }), loses(3_000, session)],
    ]);
    const before = ['1', '2', '3'].map((session) => arrives(10, session, { conn: 9, instance: 'b' }));
    const gone = ['1', '2', '3'].map((session) => loses(1_000, session, 9, 'session'));
    expect(movesIn(before, gone, idle).map(([, , lost]) => lost)).toEqual([[], [], []]);
    expect(movesIn(before.slice(1), gone.slice(1), idle.slice(2)).map(([, , lost]) => lost)).toEqual([
      ...[[[1, 'needless']], [[1, 'needless']]],
    ]);
  });

  it('names the life that held the connection', () => {
    const [moves] = movesOf(telling(notice, rollout, arrives(10, '1', { instance: 'b' }), loses(5_005, '1')));
    expect(moves?.disconnects[0]?.life).toMatchObject({ name: 'backend.2', generation: 0 });
  });
});

describe('whether a balancer prefers replicas that are still to be restarted', () => {
  const there = [arrives(10, '8', { instance: 'a' }), arrives(11, '9', { instance: 'b' })];
  const choices = (...events: readonly Telling[]) => preferenceOf(telling(notice, rollout, there, ...events));

  it('is seen where sessions are put while both an old one and a restarted one are ready', () => {
    expect(choices(arrives(1_300, '1', { instance: 'b' }), arrives(1_310, '2', { instance: 'a2' }))).toEqual({
      ...{ choices: 2, toOld: 1, chance: 1 },
    });
    const old = Array.from({ length: 5 }, (_, index) => arrives(1_300, String(index + 1), { instance: 'b' }));
    expect(choices(old)).toMatchObject({ choices: 5, toOld: 5, chance: atMostLikely(5, 5, 0.5) });
    expect(choices()).toEqual({ choices: 0, toOld: 0, chance: 1 });
  });

  it('shows nothing at a time at which only one kind was ready', () => {
    expect(choices(arrives(1_299, '1', { instance: 'b' })).choices).toBe(0);
    expect(choices(arrives(4_999, '1', { instance: 'b' })).choices).toBe(1);
    expect(choices(arrives(5_000, '1', { instance: 'b' })).choices).toBe(0);
    expect(choices(arrives(500, '1', { instance: 'b' })).choices).toBe(0);
    expect(choices(arrives(5_400, '1', { instance: 'a2' })).choices).toBe(0);
  });

  it('shows nothing by who was put on one that was not among them, or is not known', () => {
    expect(choices(arrives(1_300, '1', { instance: 'a' })).choices).toBe(0);
    expect(choices(arrives(1_300, '1')).choices).toBe(0);
    const silent = arrives(1_299, '1', { instance: 'b' }).filter(({ kind }) => kind !== 'connect');
    expect(choices(silent).choices).toBe(1);
  });

  it('weighs how many of each kind there were', () => {
    const third = turn(7_999, 8_200, 2, 'c', 'c2');
    const both = Array.from({ length: 4 }, (_, index) =>
      arrives(1_300, String(index + 1), { instance: 'b' }),
    );
    const found = preferenceOf(telling(notice, rollout, third, there, both));
    expect(found).toMatchObject({ choices: 4, toOld: 4, chance: atMostLikely(4, 4, 2 / 3) });
  });

  it('takes one from the reserve for neither, as it is to be ended too', () => {
    const spare = [
      step(1_000, 'started', { replica: 2 }),
      step(1_050, 'ready', { replica: 2, instance: 's' }),
      step(6_000, 'signal', { replica: 2 }),
    ];
    const found = preferenceOf(
      telling(notice, rollout, spare, there, arrives(5_400, '1', { instance: 's' })),
    );
    expect(found).toMatchObject({ choices: 1, toOld: 1 });
    const early = telling(notice, rollout, spare, there, arrives(1_160, '1', { instance: 's' }));
    expect(preferenceOf(early).choices).toBe(0);
  });
});
