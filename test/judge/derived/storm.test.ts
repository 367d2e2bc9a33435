import { describe, expect, it } from 'vitest';
import { readCostsOf, stormOf } from '../../../src/judge/derived/storm.js';
import { arrives, fails, loses, reading, restarts, telling, type Telling } from './telling.js';

describe('the shape of a return', () => {
  const down = restarts(99, 200);
  const sessions = ['1', '2', '3'];
  const struck = sessions.map((session) => [arrives(10, session, { instance: 'old' }), loses(105, session)]);
  const storm = (...events: readonly Telling[]) => stormOf(telling({}, down, struck, ...events));
  const back = (...times: readonly number[]) =>
    times.map((t, index) => arrives(t, sessions[index] ?? '', { conn: 9, instance: 'new' }));

  it('is told by the most attempts in one second, and in one step of 50 ms', () => {
    expect(storm(back(300, 349, 350))).toEqual({ peakPerSecond: 3, mostInStep: 2 });
    expect(storm(back(350, 300, 310))).toEqual({ peakPerSecond: 3, mostInStep: 2 });
    expect(storm(back(300, 310, 320))).toEqual({ peakPerSecond: 3, mostInStep: 3 });
    expect(storm(back(300, 1_299, 1_300))).toEqual({ peakPerSecond: 2, mostInStep: 2 });
    expect(storm(back(300, 1_300, 2_300))).toEqual({ peakPerSecond: 1, mostInStep: 1 });
  });

  it('counts every attempt from the loss to the return, those that came to nothing too', () => {
    expect(storm(fails(105, '1', 2), fails(110, '1', 3), back(300)).mostInStep).toBe(2);
    expect(storm(fails(104, '1', 2), fails(110, '1', 3), back(300)).mostInStep).toBe(1);
    expect(
      storm(back(300), arrives(301, '1', { conn: 11 }), arrives(304, '1', { conn: 12 })).mostInStep,
    ).toBe(2);
    expect(storm(back(300), arrives(303, '1', { conn: 11 })).mostInStep).toBe(2);
  });

  it('counts attempts of those that never came back, and none of those that lost nothing', () => {
    expect(storm(fails(110, '1', 2), fails(5_000, '1', 3), fails(5_010, '1', 4))).toEqual({
      ...{ peakPerSecond: 2, mostInStep: 2 },
    });
    const kept = telling({}, down, arrives(10, '1', { instance: 'old' }), fails(300, '1', 2));
    expect(stormOf(kept)).toEqual({ peakPerSecond: 0, mostInStep: 0 });
  });
});

describe('what it costs to read a stored log', () => {
  const costs = (...events: readonly Telling[]) => readCostsOf(telling({}, ...events));

  it('is how long it took to read to its end after the disruption', () => {
    expect(costs(reading(500, 'after', []))).toEqual({ readMedianMs: 2, readMaxMs: 2 });
    const [begin] = reading(600, 'after', []);
    const slow = { t: 650, session: '90', read: 'r1 at 600', kind: 'read-end', ok: true, count: 0 } as const;
    expect(costs(reading(500, 'after', []), reading(520, 'after', []), begin ?? [], slow)).toEqual({
      ...{ readMedianMs: 2, readMaxMs: 50 },
    });
  });

  it('is nothing where nobody did', () => {
    expect(costs(reading(50, 'before', []))).toEqual({});
    expect(costs(reading(500, 'after', [], { ok: false }))).toEqual({});
    expect(costs(reading(500, 'after', []).slice(0, 1))).toEqual({});
    expect(costs()).toEqual({});
  });

  it('has a percentile where there are a hundred samples', () => {
    const many = Array.from({ length: 100 }, (_, index) => reading(500 + index, 'after', []));
    expect(costs(many)).toEqual({ readMedianMs: 2, readMaxMs: 2, readP99Ms: 2 });
    expect(costs(many.slice(1))).toEqual({ readMedianMs: 2, readMaxMs: 2 });
  });
});
