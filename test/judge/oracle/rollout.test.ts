import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import { balancers } from './balancer.js';
import { share, times } from './drawn.js';
import { noises } from './noise.js';
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
  { name: 'what is quiet is closed', finds: 'idle-time-out', plot: { idleMs: 700 } },
];

const ms = (min: number, max: number) => fc.integer({ min, max });

/** Rollouts of all kinds, with what may be wrong with them and with what is only unlucky. */
const plots = fc.record({
  seed: fc.string(),
  replicas: ms(2, 3),
  surge: fc.boolean(),
  sessions: fc.constantFrom(12, 24),
  downMs: ms(100, 1_200),
  pauseMs: ms(30, 600),
  everyMs: ms(12, 30),
  contract: fc.constantFrom(
    exactlyOnce(),
    fast,
    exactlyOnce({ rollout: { noticeMs: 300, disconnects: 'once' } }),
  ),
  wrong: fc.constantFrom<Plot>(
    {},
    {},
    { idleMs: 350 },
    ...faults.map(({ plot: { place, knows, replays, hears, idleMs } }) => ({
      ...(place && { place }),
      ...(knows && { knows }),
      ...(replays && { replays }),
      ...(hears && { hears }),
      ...(idleMs && { idleMs }),
    })),
    { takes: (on, all) => on.generation > 0 || !all.some(({ generation }) => generation > 0) },
    { drops: { t: 1_400, sessions: ['1', '2', '3', '5', '6'] } },
    { drops: { t: 2_200, sessions: ['1', '2', '5', '9', '10'] } },
  ),
});

const kinds = ['an event less', 'a receipt less', 'a session less', 'a stall', 'no instances', 'no canaries'];
const more = [
  'cut short',
  'interrupted',
  'a kind less before it',
  'a message that is sent again',
  'room order',
];
const accidents = fc.record({ name: fc.constantFrom('', '', ...kinds, ...more), where: share });

/** The same histories in each run of the tests. */
const howFar = { numRuns: 12 * times, ...(times === 1 && { seed: 1 }) };

describe('whatever happens in a rollout', () => {
  it(
    'check and oracle say the same',
    () => {
      fc.assert(
        fc.property(plots, accidents, ({ seed, wrong, ...plot }, { name, where }) => {
          // Who asks nobody would be sent for ever to the one that went back to the reserve.
          const surge = plot.surge && wrong.place !== blind;
          const story = new Rollout({ ...plot, ...wrong, surge, random: seeded(seed) });
          const told = noises[name]?.(story, where) ?? story;
          const results = judge(told).tests.flatMap(({ checks }) => checks);
          const said = results.filter(({ id, outcome }) => outcome !== 'skipped' && id in balancers);
          expect(Object.fromEntries(said.map(({ id, outcome }) => [id, outcome]))).toEqual(
            Object.fromEntries(said.map(({ id }) => [id, balancers[id]?.(told)])),
          );
        }),
        howFar,
      );
    },
    600_000 * times,
  );
});

describe('a fault of a rollout, whoever speaks when', () => {
  it.each(faults)('is found: $name ($finds)', ({ finds, plot }) => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 6, max: 12 }), (seed, everyMs) => {
        const story = new Rollout({ ...plot, everyMs, random: seeded(seed) });
        expect(resultOf(judge(story), finds).outcome).toBe('fail');
        expect(balancers[finds]?.(story)).toBe('fail');
      }),
      { numRuns: 4 * times },
    );
  });
});
