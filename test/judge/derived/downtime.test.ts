import { describe, expect, it } from 'vitest';
import { deploysPerMonth, downtimeBudgetMs, downtimesOf } from '../../../src/judge/derived/downtime.js';
import {
  arrives,
  hears,
  loses,
  restarts,
  says,
  step,
  telling,
  type Setting,
  type Telling,
} from './telling.js';

/** Down from 3,000 (the signal) to 3,200; the one session lost its connection at 3,005 and was back at 3,233. */
const around = (setting: Setting, ...events: readonly Telling[]) =>
  telling(setting, arrives(10, '1', { instance: 'old' }), restarts(2_999, 3_200), ...events);
const back = [loses(3_005, '1'), ...arrives(3_230, '1', { conn: 2, instance: 'new' })];
const downtime = (...events: readonly Telling[]) => downtimesOf(around({}, back, ...events))[0];
const lost = (t: number, number: number) => says(t, '1', number, { ackAt: null });

describe('the downtime of a session', () => {
  it('runs from the first send that was not served to the next that was', () => {
    const found = downtime(says(2_900, '1', 1), lost(3_010, 2), lost(3_050, 3), says(3_250, '1', 4));
    expect(found).toMatchObject({ ms: 240, atLeast: 40, atMost: 350, isOver: true });
    expect(found?.evidence.map(({ t, kind }) => [t, kind])).toEqual([
      [3_010, 'send'],
      [3_250, 'send'],
    ]);
  });

  it('is nothing where all was served, and is not known where nothing was sent since the restart began', () => {
    expect(downtime(says(2_900, '1', 1), says(3_250, '1', 2))).toMatchObject({
      ...{ ms: 0, atLeast: 0, atMost: 0, isOver: true, evidence: [] },
    });
    expect(downtime(lost(2_998, 1))).toBeUndefined();
    expect(downtime(says(2_999, '1', 1))?.ms).toBe(0);
    expect(downtime()).toBeUndefined();
  });

  it('adds up several outages', () => {
    const found = downtime(
      says(2_900, '1', 1),
      ...[lost(3_010, 2), says(3_020, '1', 3), lost(3_100, 4), lost(3_150, 5), says(3_250, '1', 6)],
    );
    expect(found).toMatchObject({ ms: 160, atLeast: 50, atMost: 120 + 230 });
    expect(found?.evidence.map(({ t }) => t)).toEqual([3_010, 3_020, 3_100, 3_250]);
  });

  it('counts by when a message was due, whenever it was sent', () => {
    const found = downtime(
      says(2_900, '1', 1),
      says(3_250, '1', 2, { due: 3_040 }),
      says(3_251, '1', 3, { due: 3_020, ackAt: null }),
      says(3_252, '1', 4, { due: 3_010, ackAt: null }),
    );
    expect(found).toMatchObject({ ms: 30, atLeast: 10, atMost: 140 });
  });

  it('takes a send for served that was answered within a second of when it was due', () => {
    const answered = (ackAt: number) => downtime(says(3_020, '1', 1, { due: 3_000, ackAt }));
    expect(answered(4_000)?.ms).toBe(0);
    expect(answered(4_001)?.ms).toBeGreaterThan(0);
  });

  it('does not count what the target was held for, or this program stood still for', () => {
    const late = says(3_020, '1', 1, { ackAt: 4_050 });
    expect(downtime(late)?.ms).toBeGreaterThan(0);
    expect(downtime(late, { t: 3_500, kind: 'stall', ms: 30 })?.ms).toBe(0);
    expect(downtime(late, { t: 3_500, kind: 'stall', ms: 29 })?.ms).toBeGreaterThan(0);
    expect(downtime(late, { t: 3_040, kind: 'stall', ms: 100 })?.ms).toBeGreaterThan(0);
    expect(downtime(late, { t: 3_050, kind: 'stall', ms: 100 })?.ms).toBe(0);
    expect(downtime(late, { t: 4_100, kind: 'stall', ms: 80 })?.ms).toBe(0);
    expect(downtime(late, { t: 4_100, kind: 'stall', ms: 79 })?.ms).toBeGreaterThan(0);
    expect(
      downtime(late, { t: 2_000, kind: 'stall', ms: 500 }, { t: 5_000, kind: 'stall', ms: 500 })?.ms,
    ).toBe(213);
    expect(downtime(late, step(3_400, 'held'), step(3_430, 'released'))?.ms).toBe(0);
    // What is both is not taken off twice.
    const held = [step(3_400, 'held'), step(3_425, 'released')];
    expect(downtime(late, ...held, { t: 3_420, kind: 'stall', ms: 10 })?.ms).toBeGreaterThan(0);
    expect(downtime(late, ...held, { t: 3_430, kind: 'stall', ms: 10 })?.ms).toBe(0);
  });

  it('leaves out the time for which the target was held in the middle of an outage', () => {
    const found = downtime(
      says(2_900, '1', 1),
      ...[lost(3_010, 2), lost(3_150, 3), says(3_250, '1', 4)],
      ...[step(3_060, 'held'), step(3_160, 'released')],
    );
    expect(found).toMatchObject({ ms: 140, atLeast: 50, atMost: 250 });
  });

  it('begins at most a second before the restart', () => {
    const found = downtime(lost(1_998, 1), lost(1_999, 2), lost(2_010, 3), says(3_250, '1', 4));
    expect(found).toMatchObject({ ms: 3_250 - 1_999, atLeast: 11, atMost: 3_250 - 1_999 });
    expect(downtime(lost(1_998, 1), says(3_250, '1', 4))?.ms).toBe(0);
    const servedLongBefore = downtime(says(500, '1', 1), lost(3_010, 2), says(3_250, '1', 3));
    expect(servedLongBefore?.atMost).toBe(2_750);
  });

  it('is over when a session that says no more was back', () => {
    const found = downtime(says(2_900, '1', 1), lost(3_010, 2));
    expect(found).toMatchObject({ ms: 223, atLeast: 0, atMost: 333, isOver: true });
    expect(found?.evidence.map(({ t }) => t)).toEqual([3_010]);
    expect(downtime(lost(3_233, 1))).toMatchObject({ ms: 0, isOver: true });
  });

  it('has no end where nothing was served any more', () => {
    const found = downtime(says(2_900, '1', 1), lost(3_010, 2), lost(3_300, 3));
    expect(found).toMatchObject({ ms: 290, atLeast: 290, atMost: Infinity, isOver: false });
    const gone = downtimesOf(around({}, loses(3_005, '1'), lost(3_010, 1), lost(3_300, 2)))[0];
    expect(gone).toMatchObject({ ms: 290, isOver: false });
  });

  it('ends with the last answer of a session that was answered late to the last', () => {
    const late = says(3_300, '1', 3, { ackAt: 4_400 });
    expect(downtime(lost(3_010, 2), late)).toMatchObject({ ms: 1_390, isOver: true });
  });

  it('ends with a canary that was served, and is judged by the schedule alone', () => {
    const canary = (t: number, number: number, ackAt: number | null = t + 1) =>
      says(t, '1', number, { purpose: 'canary', ackAt });
    const silent = [lost(3_010, 1), lost(3_300, 2)];
    expect(downtime(...silent, canary(4_000, 4), canary(3_900, 3))).toMatchObject({ ms: 890, isOver: true });
    expect(downtime(...silent, canary(4_000, 3, null))?.isOver).toBe(false);
    expect(downtime(...silent, canary(3_299, 3))?.isOver).toBe(false);
    expect(downtime(...silent, canary(3_300, 3))).toMatchObject({ ms: 290, isOver: true });
    const late = says(3_300, '1', 2, { ackAt: 4_400 });
    expect(downtime(lost(3_010, 1), late, canary(4_000, 3))?.ms).toBe(990);
    expect(downtime(lost(3_010, 1), late, canary(4_500, 3))?.ms).toBe(1_390);
    expect(downtime(canary(3_300, 1, null))).toBeUndefined();
  });

  it('shows nothing by probes, which are sent in the name of somebody else', () => {
    expect(downtime(says(3_010, '1', 1, { purpose: 'probe', ackAt: null }))).toBeUndefined();
  });

  it('goes by what others received where nothing is acknowledged', () => {
    const others = arrives(11, '2', { instance: 'elsewhere' });
    const without = { acknowledgements: 'there are none' };
    const events = [back, others, lost(3_250, 1), hears(3_260, '2', ['1', 1])];
    expect(downtimesOf(around({ without }, ...events))[0]?.ms).toBe(0);
    expect(downtimesOf(around({}, ...events))[0]?.ms).toBeGreaterThanOrEqual(0);
    expect(downtimesOf(around({}, ...events))[0]?.isOver).toBe(false);
  });

  it('is over with the next disruption, whose downtime begins then', () => {
    const next = restarts(5_999, 6_200, { disruption: 1, instance: 'new' });
    const said = [says(3_010, '1', 1), lost(5_998, 2), lost(5_999, 3)];
    const found = downtimesOf(around({}, back, said, next, loses(6_005, '1', 2)));
    expect(found.map(({ from, atLeast }) => [from.disruption.index, atLeast])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('is one for each session and disruption, however often that struck it', () => {
    const context = telling(
      {},
      [arrives(10, '1', { instance: 'a1' }), arrives(20, '2', { instance: 'a1' })],
      ...[restarts(2_999, 3_200, { instance: 'a1' }), restarts(3_399, 3_600, { replica: 1, instance: 'b1' })],
      ...[loses(3_005, '1'), arrives(3_010, '1', { conn: 2, instance: 'b1' }), loses(3_405, '1', 2)],
      ...[arrives(3_410, '1', { conn: 3, instance: 'new' }), loses(3_005, '2')],
      ...[lost(3_008, 1), says(3_020, '1', 2), lost(3_406, 3), says(3_420, '1', 4), says(3_500, '2', 1)],
      ...[restarts(5_999, 6_200, { disruption: 1, instance: 'new' }), loses(6_005, '1', 3)],
      ...[lost(6_010, 5), arrives(6_110, '1', { conn: 4, instance: 'newer' }), says(6_120, '1', 6)],
    );
    const found = downtimesOf(context).map(({ from, ms }) => [from.disruption.index, from.session, ms]);
    expect(found).toEqual([
      [0, '1', 12 + 14],
      [0, '2', 0],
      [1, '1', 110],
    ]);
  });
});

describe('what downtime a contract leaves room for', () => {
  const month = 30 * 24 * 60 * 60 * 1_000;
  const promised = (target: number, restartsPerMonth: number) =>
    telling({ contract: { availability: { target, restartsPerMonth } } });

  it('is the error budget of a month, shared among its restarts', () => {
    expect(downtimeBudgetMs(promised(0.999, 30))).toBeCloseTo((43.2 * 60_000) / 30, 5);
    expect(downtimeBudgetMs(promised(0.5, 1))).toBeCloseTo(month / 2, 5);
    expect(downtimeBudgetMs(promised(0.5, 0))).toBeCloseTo(month / 2, 5);
  });

  it('is as many deploys as the worst downtime fits into the budget; no number where there was none', () => {
    const contract = { availability: { target: 0.999, restartsPerMonth: 30 } };
    const others = [...arrives(20, '2', { instance: 'old' }), loses(3_005, '2')];
    const said = [lost(3_010, 1), says(3_250, '1', 2), says(3_010, '2', 1)];
    const context = around({ contract }, back, others, ...said);
    expect(deploysPerMonth(context)).toBe(Math.floor((43.2 * 60_000) / 240));
    expect(deploysPerMonth(around({ contract }, back, says(3_250, '1', 1)))).toBeNull();
    expect(deploysPerMonth(around({ contract }))).toBeNull();
  });
});
