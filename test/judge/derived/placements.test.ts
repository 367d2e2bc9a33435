import { describe, expect, it } from 'vitest';
import { atMostLikely } from '../../../src/judge/derived/chance.js';
import { placementsOf } from '../../../src/judge/derived/placements.js';
import { arrives, loses, restarts, telling, type Setting, type Telling } from './telling.js';

const turn = (t: number, readyAt: number, replica: number, from: string, to: string) =>
  restarts(t, readyAt, { replica, instance: from }).map((one) =>
    one.step === 'ready' ? { ...one, instance: to } : one,
  );
/** `a` and `b` are ready from the beginning; `a` becomes `a2` at 1,200, and `b` becomes `b2` at 5,200. */
const rollout = [turn(999, 1_200, 0, 'a', 'a2'), turn(4_999, 5_200, 1, 'b', 'b2')];
const notice: Setting = { contract: { rollout: { noticeMs: 100 } } };
const placed = (...events: readonly Telling[]) => placementsOf(telling(notice, rollout, ...events));
const on = (t: number, session: string, instance: string) => arrives(t, session, { instance });

describe('where sessions are in the end', () => {
  const ends = (...events: readonly Telling[]) =>
    placed(...events).ends.map(({ session, life, hadChoice, open }) => [
      ...[session, life.instance, hadChoice, open.t],
    ]);

  it('is the replica of their last connection, if that is ready to the end', () => {
    expect(ends(on(5_400, '1', 'a2'), on(5_401, '2', 'b2'))).toEqual([
      ['1', 'a2', true, 5_401],
      ['2', 'b2', true, 5_402],
    ]);
    expect(ends(on(10, '1', 'a'), on(20, '2', 'b'))).toEqual([]);
    expect(ends(on(10, '1', 'a'), arrives(5_400, '1', { conn: 2, instance: 'b2' }))).toMatchObject([
      ['1', 'b2', true, 5_401],
    ]);
    expect(ends(on(5_400, '1', 'nobody'), arrives(5_400, '2'))).toEqual([]);
  });

  it('is where they were before the audit', () => {
    const audit = (t: number) => ({ t, kind: 'phase', phase: 'audit' }) as const;
    expect(ends(audit(5_404), on(5_400, '1', 'a2'))).toHaveLength(1);
    expect(ends(audit(5_403), on(5_400, '1', 'a2'))).toEqual([]);
  });

  it('is told of residents that were ready', () => {
    const sessions = [{ session: '1', role: 'newcomer', rooms: ['r1'] } as const];
    expect(placementsOf(telling({ ...notice, sessions }, rollout, on(5_400, '1', 'a2'))).ends).toEqual([]);
    expect(ends(on(5_400, '1', 'a2').filter(({ kind }) => kind !== 'ready'))).toEqual([]);
    expect(ends(on(5_400, '1', 'a2').filter(({ kind }) => kind !== 'open'))).toEqual([]);
  });

  it('was chosen where several replicas had been ready for a while', () => {
    expect(ends(on(1_310, '1', 'a2'))[0]?.[2]).toBe(true);
    expect(ends(on(1_210, '1', 'a2'))[0]?.[2]).toBe(false);
    expect(ends(on(5_100, '1', 'a2'))[0]?.[2]).toBe(false);
    const silent = on(1_299, '1', 'a2').filter(({ kind }) => kind !== 'connect');
    expect(ends(silent)[0]?.[2]).toBe(true);
  });

  it('is counted by replica, the emptier ones too', () => {
    const all = ['1', '2', '3'].map((session) => on(5_400, session, 'a2'));
    expect(placed(all, on(5_400, '4', 'b2')).counts).toEqual([
      { name: 'backend.1', sessions: 3 },
      { name: 'backend.2', sessions: 1 },
    ]);
    expect(placed(all).counts[1]).toEqual({ name: 'backend.2', sessions: 0 });
  });

  it('is as likely as that the fullest of them has so many by chance', () => {
    const all = Array.from({ length: 20 }, (_, index) => on(5_400, String(index + 1), 'a2'));
    expect(placed(all).chance).toBe(2 * atMostLikely(20, 20, 0.5));
    expect(placed(all.slice(0, 1), on(5_400, '30', 'b2')).chance).toBe(1);
    expect(placed().chance).toBe(1);
  });
});

describe('whether sessions were put where most of them were', () => {
  const chosen = (...events: readonly Telling[]) => {
    const { chosen: times, fullest, preference } = placed(...events);
    return { times, fullest, preference };
  };

  it('is no question where all had the same, or one alone was ready', () => {
    expect(chosen(on(10, '1', 'a'))).toEqual({ times: 0, fullest: 0, preference: 1 });
    expect(chosen(on(10, '1', 'a'), on(20, '2', 'b'), on(30, '3', 'a')).times).toBe(1);
    expect(chosen(on(10, '1', 'b'), on(1_100, '2', 'b')).times).toBe(0);
  });

  it('is so where it fell on one with the most', () => {
    expect(chosen(on(10, '1', 'a'), on(20, '2', 'a'), on(30, '3', 'a'))).toEqual({
      ...{ times: 2, fullest: 2, preference: atMostLikely(2, 2, 0.5) },
    });
    expect(chosen(on(10, '1', 'a'), on(20, '2', 'b'))).toEqual({ times: 1, fullest: 0, preference: 1 });
  });

  it('goes by who was still there', () => {
    const left = [on(10, '1', 'a'), loses(15, '1')];
    expect(chosen(left, on(20, '2', 'b')).times).toBe(0);
    expect(chosen(left, on(20, '2', 'b'), on(30, '3', 'b'))).toMatchObject({ times: 1, fullest: 1 });
    const swapped = [on(10, '1', 'a'), on(11, '2', 'a'), on(12, '3', 'b'), loses(20, '1'), loses(21, '2')];
    expect(chosen(swapped, on(30, '4', 'b'))).toMatchObject({ times: 3, fullest: 2 });
  });

  it('shows nothing by one that was not among those that it could have been put on', () => {
    const filled = [on(10, '1', 'b'), on(1_205, '2', 'a2')];
    expect(chosen(filled, on(1_210, '3', 'a2')).times).toBe(0);
    expect(chosen(on(10, '1', 'a'), on(20, '2', 'elsewhere'), arrives(30, '3')).times).toBe(1);
  });

  it('weighs how many of the replicas have the most', () => {
    const third = turn(7_999, 8_200, 2, 'c', 'c2');
    const found = placementsOf(
      telling(notice, rollout, third, on(10, '1', 'a'), on(20, '2', 'b'), on(30, '3', 'b'), on(40, '4', 'b')),
    );
    expect(found).toMatchObject({ chosen: 3, fullest: 2 });
    expect(found.preference).toBe(atMostLikely(2, 3, (1 / 3 + 2 / 3 + 1 / 3) / 3));
  });
});
