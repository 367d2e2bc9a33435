import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { Retry } from '../../../src/observe/client/retry.js';

const backoff = { firstMs: 100, maxMs: 2_000, factor: 2 };
const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('when a session tries again', () => {
  it('waits from nothing to a ceiling that doubles from 100 ms and stays at 2 s', () => {
    fc.assert(
      fc.property(fc.array(draws, { minLength: 1, maxLength: 30 }), (random) => {
        let drawn = 0;
        const retry = new Retry(backoff, () => random[drawn++] ?? 0);
        random.forEach((draw, setbacks) => {
          const ceiling = Math.min(2_000, 100 * 2 ** setbacks);
          const wait = retry.after({});
          expect(wait?.why).toBe('backoff');
          expect(wait?.ms).toBeCloseTo(draw * ceiling, 6);
          expect(wait?.ms).toBeLessThan(ceiling);
        });
      }),
    );
  });

  it('jitters the first attempt after a loss too, so that sessions do not come back in one moment', () => {
    const firsts = Array.from(
      { length: 200 },
      (_, seat) => new Retry(backoff, seeded(`seat ${seat}`)).after({})?.ms,
    );
    expect(new Set(firsts).size).toBe(200);
    expect(Math.max(...firsts.map(Number)) - Math.min(...firsts.map(Number))).toBeGreaterThan(80);
  });

  it('begins anew after a connection that lasted', () => {
    const retry = new Retry(backoff, () => 0.999);
    for (let setback = 0; setback < 10; setback++) retry.after({});
    expect(retry.after({})?.ms).toBeGreaterThan(1_900);
    retry.reset();
    expect(retry.after({})?.ms).toBeLessThan(100);
  });

  it('comes back neither before the time that it was told nor with everyone in the moment after it', () => {
    fc.assert(
      fc.property(draws, fc.integer({ min: 0, max: 100_000 }), (draw, retryAfterMs) => {
        const wait = new Retry(backoff, () => draw).after({ retryAfterMs });
        expect(wait).toEqual({ ms: retryAfterMs + draw * 100, why: 'retry-after' });
      }),
    );
  });

  it('never waits longer than a timer can hold', () => {
    expect(new Retry(backoff, () => 0.5).after({ retryAfterMs: 1e15 })?.ms).toBe(2 ** 31 - 1);
  });

  it('tries at once after a refused token, but only once until it was connected for good', () => {
    const retry = new Retry(backoff, () => 0.5);
    expect(retry.after({ unauthorized: true })).toBeNull();
    expect(retry.after({ unauthorized: true })).toEqual({ ms: 50, why: 'backoff' });
    expect(retry.after({ unauthorized: true })).toEqual({ ms: 100, why: 'backoff' });
    retry.reset();
    expect(retry.after({ unauthorized: true })).toBeNull();
  });

  it('heeds Retry-After even when the token was refused', () => {
    const retry = new Retry(backoff, () => 0);
    expect(retry.after({ unauthorized: true, retryAfterMs: 1_000 })).toEqual({
      ms: 1_000,
      why: 'retry-after',
    });
  });
});
