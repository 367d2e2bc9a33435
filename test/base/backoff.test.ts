import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultBackoff, waitBefore } from '../../src/base/backoff.js';

it('a wait is drawn from 0 to a ceiling that doubles up to its limit', () => {
  const longest = (attempt: number) => waitBefore(attempt, defaultBackoff, () => 1);
  expect([0, 1, 2, 3, 4, 5, 6].map(longest)).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000]);
  expect(waitBefore(3, defaultBackoff, () => 0)).toBe(0);
  expect(waitBefore(3, defaultBackoff, () => 0.5)).toBe(400);
});

it('a wait is never over its limit, however many attempts there were', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, drawn) => {
      const wait = waitBefore(attempt, defaultBackoff, () => drawn);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(defaultBackoff.maxMs);
    }),
  );
});
