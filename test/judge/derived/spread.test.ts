import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../../src/judge/derived/spread.js';

describe('how durations spread', () => {
  it('is told by the median and the largest, and by percentiles from a hundred samples on', () => {
    expect(spreadOf([])).toBeNull();
    expect(spreadOf([3])).toEqual({ n: 1, p50: 3, p95: null, p99: null, max: 3 });
    expect(spreadOf([10, 9, 1, 2])).toEqual({ n: 4, p50: 2, p95: null, p99: null, max: 10 });
    expect(spreadOf([1.23456])?.max).toBe(1.235);
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(spreadOf(hundred)).toEqual({ n: 100, p50: 50, p95: 95, p99: 99, max: 100 });
    expect(spreadOf(hundred.slice(1))?.p95).toBeNull();
  });

  it('does not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 120 }), (durations) => {
        expect(spreadOf([...durations].reverse())).toEqual(spreadOf(durations));
        expect(spreadOf(durations)?.max).toBe(Math.max(...durations));
      }),
      { numRuns: 30 },
    );
  });
});
