import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import { leastHeld, Rollout, type Plot } from '../rollout.js';
import { judge, resultOf } from '../story.js';

/** The one that holds the fewest, gone or not. */
const blind: Plot['place'] = (instances) =>
  [...new Map(instances.map((instance) => [instance.replica, instance])).values()].sort(
    (one, other) => one.held - other.held,
  )[0];

/** Those that are still to be restarted are preferred. */
const toTheOld: Plot['place'] = (instances) => {
  const ready = instances.filter(({ isReady }) => isReady);
  const old = ready.filter(({ generation }) => generation === 0);
  return leastHeld(old.length > 0 ? old : ready);
};

const fast = exactlyOnce({ rollout: { noticeMs: 100 } });

/** What is wrong with a balancer or with what is behind it, and the check that says so. */
const faults: readonly { readonly name: string; readonly finds: string; readonly plot: Plot }[] = [
  {
    name: 'a balancer that asks nobody',
    finds: 'routed-to-ready',
    plot: { place: blind, downMs: 900, contract: fast },
  },
  { name: 'sessions that belong to one instance', finds: 'any-instance', plot: { knows: () => false } },
  { name: 'a replay from memory', finds: 'any-instance', plot: { replays: (left, met) => left === met } },
  {
    name: 'sessions put on what is next',
    finds: 'moved-once',
    plot: { replicas: 3, place: toTheOld, pauseMs: 400, contract: fast },
  },
  {
    name: 'all on the first',
    finds: 'spread',
    plot: { place: (instances) => instances.find(({ isReady }) => isReady) },
  },
  {
    name: 'instances that do not talk',
    finds: 'across-instances',
    plot: { hears: (from, to) => from === to },
  },
];

describe('a fault of a rollout, whoever speaks when', () => {
  it.each(faults)('is found: $name ($finds)', ({ finds, plot }) => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 6, max: 12 }), (seed, everyMs) => {
        const story = new Rollout({ ...plot, everyMs, random: seeded(seed) });
        expect(resultOf(judge(story), finds).outcome).toBe('fail');
      }),
      { numRuns: 4 },
    );
  });
});
