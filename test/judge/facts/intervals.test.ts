import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Intervals } from '../../../src/judge/facts/intervals.js';

describe('a set of numbers kept as intervals', () => {
  it('holds what a set would hold, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 })), (values) => {
        const intervals = new Intervals();
        const set = new Set<number>();
        for (const value of values) {
          expect(intervals.add(value)).toBe(!set.has(value));
          set.add(value);
        }
        expect([...intervals]).toEqual([...set].sort((one, other) => one - other));
        expect(intervals.size).toBe(set.size);
        for (let value = -1; value <= 61; value++) expect(intervals.has(value)).toBe(set.has(value));
      }),
    );
  });

  it('costs one pair for what came without a gap, in whatever order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(40).keys()], { minLength: 40 }), (values) => {
        const intervals = new Intervals();
        for (const value of values) intervals.add(value);
        expect(intervals.pairs).toEqual([[0, 39]]);
      }),
    );
  });
});
