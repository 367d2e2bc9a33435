import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import { seeded } from '../../../src/base/random.js';
import { judge, Story, type Told } from '../story.js';
import { faults } from './faults.js';
import { oracles } from './index.js';

const plots = fc.record({
  seed: fc.string(),
  rooms: fc.integer({ min: 1, max: 2 }),
  chatters: fc.integer({ min: 2, max: 3 }),
  everyMs: fc.integer({ min: 15, max: 45 }),
  downMs: fc.integer({ min: 40, max: 400 }),
});
type Drawn = typeof plots extends fc.Arbitrary<infer T> ? T : never;
const storyOf = ({ seed, ...plot }: Drawn) =>
  new Story({ ...plot, random: seeded(seed), contract: exactlyOnce() });

/** What the checks say, and what the oracles say, by check. */
function both(told: Told) {
  const results = judge(told).tests.flatMap(({ checks }) => checks);
  const judged = results.filter(({ id, outcome }) => outcome !== 'skipped' && oracles[id] !== undefined);
  return {
    checks: Object.fromEntries(judged.map(({ id, outcome }) => [id, outcome])),
    oracles: Object.fromEntries(judged.map(({ id }) => [id, oracles[id]?.(told)])),
  };
}

/** Long enough that every fault can be planted, and costs somebody something. */
const eventful = plots.map((plot) => ({ ...plot, rooms: 2, everyMs: 20, downMs: 200 + plot.downMs / 2 }));
const share = fc.double({ min: 0, max: 0.999, noNaN: true });

describe('check and oracle', () => {
  it('say the same of any right history: nothing is wrong, and everything was exercised', () => {
    fc.assert(
      fc.property(plots, (plot) => {
        const { checks, oracles: expected } = both(storyOf(plot));
        expect(checks).toEqual(expected);
        expect(new Set(Object.values(checks))).toEqual(new Set(['pass']));
      }),
      { numRuns: 10 },
    );
  });

  it.each(faults)('find $name: $finds', ({ finds, plant }) => {
    fc.assert(
      fc.property(eventful, share, (plot, where) => {
        const { checks, oracles: expected } = both(plant(storyOf(plot), where));
        expect(checks).toEqual(expected);
        expect(checks[finds]).toBe('fail');
      }),
      { numRuns: 2 },
    );
  });
});
