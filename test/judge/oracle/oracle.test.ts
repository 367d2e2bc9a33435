import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { both, eventful, plots, share, storyOf, times, twice } from './drawn.js';
import { faults } from './faults.js';
import { faultsAtTheLast } from './faults-at-the-last.js';
import { anywhere, atTheLast } from './ground.js';

describe('check and oracle', () => {
  it('say the same of any right history: nothing is wrong, and everything was exercised', () => {
    fc.assert(
      fc.property(plots, (plot) => {
        const { checks, oracles: expected } = both(storyOf(plot));
        expect(checks).toEqual(expected);
        expect(new Set(Object.values(checks))).toEqual(new Set(['pass']));
      }),
      { numRuns: 10 * times },
    );
  });

  it.each(faults)('find $name: $finds', ({ finds, plant }) => {
    fc.assert(
      fc.property(eventful, share, (plot, where) => {
        const { checks, oracles: expected } = both(plant(anywhere(storyOf(plot)), where));
        expect(checks).toEqual(expected);
        expect(checks[finds]).toBe('fail');
      }),
      { numRuns: 2 * times },
    );
  });

  it.each(faultsAtTheLast)('find $name at the second restart only: $finds', ({ finds, plant }) => {
    fc.assert(
      fc.property(twice, share, (plot, where) => {
        const { checks, oracles: expected } = both(plant(atTheLast(storyOf(plot)), where));
        expect(checks).toEqual(expected);
        expect(checks[finds]).toBe('fail');
      }),
      { numRuns: times },
    );
  });
});
