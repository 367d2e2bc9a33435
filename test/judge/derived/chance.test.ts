import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atMostLikely } from '../../../src/judge/derived/chance.js';

/** How likely at least so many hits are, exactly: term by term. */
function tail(hits: number, tries: number, p: number): number {
  let sum = 0;
  let term = (1 - p) ** tries;
  for (let count = 0; count <= tries; count++) {
    if (count >= hits) sum += term;
    term *= ((tries - count) / (count + 1)) * (p / (1 - p));
  }
  return sum;
}

const draws = fc.record({
  tries: fc.integer({ min: 1, max: 120 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  p: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
});

describe('how likely something is by chance', () => {
  it('is never taken for rarer than it is', () => {
    fc.assert(
      fc.property(draws, ({ tries, share, p }) => {
        const hits = Math.round(share * tries);
        expect(atMostLikely(hits, tries, p)).toBeGreaterThanOrEqual(tail(hits, tries, p) * (1 - 1e-9));
      }),
    );
  });

  it('falls with every hit more, and is certain up to what was expected', () => {
    fc.assert(
      fc.property(draws, ({ tries, p }) => {
        const all = Array.from({ length: tries + 1 }, (_, hits) => atMostLikely(hits, tries, p));
        expect(all.every((one, hits) => hits === 0 || one <= (all[hits - 1] ?? 0) + 1e-12)).toBe(true);
        expect(atMostLikely(Math.floor(tries * p), tries, p)).toBe(1);
      }),
    );
  });

  it('is the bound of Chernoff and Hoeffding in between', () => {
    // (p / share) ** hits * ((1 - p) / (1 - share)) ** misses
    expect(atMostLikely(15, 20, 0.5)).toBeCloseTo((0.5 / 0.75) ** 15 * (0.5 / 0.25) ** 5, 12);
    expect(atMostLikely(8, 10, 0.3)).toBeCloseTo((0.3 / 0.8) ** 8 * (0.7 / 0.2) ** 2, 12);
  });

  it('is exact when everything hits: as likely as that many heads', () => {
    expect(atMostLikely(20, 20, 0.5)).toBeCloseTo(0.5 ** 20, 12);
    expect(atMostLikely(0, 0, 0.5)).toBe(1);
    expect(atMostLikely(1, 10, 0)).toBe(0);
    expect(atMostLikely(10, 10, 0)).toBe(0);
  });
});
