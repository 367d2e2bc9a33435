import fc from 'fast-check';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import { seeded } from '../../../src/base/random.js';
import { judge, Story, type Told } from '../story.js';
import { oracles } from './index.js';

export const plots = fc.record({
  seed: fc.string(),
  rooms: fc.integer({ min: 1, max: 2 }),
  chatters: fc.integer({ min: 2, max: 3 }),
  everyMs: fc.integer({ min: 15, max: 45 }),
  downMs: fc.integer({ min: 40, max: 400 }),
});
type Drawn = typeof plots extends fc.Arbitrary<infer T> ? T : never;
export const storyOf = ({ seed, ...plot }: Drawn) =>
  new Story({ ...plot, random: seeded(seed), contract: exactlyOnce() });

/** What the checks say, and what the oracles say, by check. */
export function both(told: Told) {
  const results = judge(told).tests.flatMap(({ checks }) => checks);
  const judged = results.filter(({ id, outcome }) => outcome !== 'skipped' && oracles[id] !== undefined);
  return {
    checks: Object.fromEntries(judged.map(({ id, outcome }) => [id, outcome])),
    oracles: Object.fromEntries(judged.map(({ id }) => [id, oracles[id]?.(told)])),
  };
}

/** Long enough that every fault can be planted, and costs somebody something. */
export const eventful = plots.map((plot) => ({
  ...plot,
  rooms: 2,
  everyMs: 20,
  downMs: 200 + plot.downMs / 2,
}));
export const share = fc.double({ min: 0, max: 0.999, noNaN: true });
