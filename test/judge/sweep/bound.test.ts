import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atMostShare } from '../../../src/judge/sweep/bound.js';

const drawn = fc
  .record({ tries: fc.integer({ min: 1, max: 400 }), part: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ tries, part }) => ({ tries, hits: Math.floor(part * tries) }));

/** The same sum, term by term and with no tricks: how likely at most `hits` of `tries` are. */
function slowly(hits: number, tries: number, p: number): number {
  let sum = 0;
  for (let hit = 0; hit <= hits; hit++) {
    let term = 1;
    for (let factor = 1; factor <= hit; factor++) term *= ((tries - hit + factor) / factor) * p;
    sum += term * (1 - p) ** (tries - hit);
  }
  return sum;
}

describe('the most that a share may be', () => {
  it('is what the tables say', () => {
    expect(atMostShare(0, 200)).toBeCloseTo(0.01487, 5);
    expect(atMostShare(0, 1)).toBeCloseTo(0.95, 10);
    // Hahn and Meeker, Statistical Intervals: one-sided, 95 %.
    expect(atMostShare(1, 10)).toBeCloseTo(0.3942, 4);
    expect(atMostShare(5, 50)).toBeCloseTo(0.1992, 3);
  });

  it('is everything where nothing was tried, and where all failed', () => {
    expect(atMostShare(0, 0)).toBe(1);
    expect(atMostShare(7, 7)).toBe(1);
  });

  it('is found also where the first terms of the sum are smaller than any number', () => {
    // Half of so many: 0.5^5000 is nothing. The normal distribution is near enough for four digits.
    expect(atMostShare(2_500, 5_000)).toBeCloseTo(0.5 + 1.645 * Math.sqrt(0.25 / 5_000), 3);
  });

  it('without a failure is 1 − 0.05^(1/n)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (tries) => {
        expect(atMostShare(0, tries)).toBeCloseTo(1 - 0.05 ** (1 / tries), 12);
      }),
    );
  });

  it('is the share at which so few failures are as unlikely as one in twenty', () => {
    fc.assert(
      fc.property(drawn, ({ hits, tries }) => {
        fc.pre(hits < tries && tries <= 60);
        expect(slowly(hits, tries, atMostShare(hits, tries))).toBeCloseTo(0.05, 6);
      }),
    );
  });

  it('lies above what was seen, grows with failures, and shrinks with tries', () => {
    fc.assert(
      fc.property(drawn, ({ hits, tries }) => {
        const bound = atMostShare(hits, tries);
        expect(bound).toBeGreaterThanOrEqual(hits / tries);
        expect(bound).toBeLessThanOrEqual(1);
        expect(atMostShare(hits + 1, tries)).toBeGreaterThanOrEqual(bound);
        expect(atMostShare(hits, tries + 1)).toBeLessThanOrEqual(bound);
      }),
    );
  });
});
