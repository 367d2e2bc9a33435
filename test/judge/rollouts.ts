import { exactlyOnce } from '../../src/contract/contracts.js';
import { leastHeld, Rollout, type Plot } from './rollout.js';

// Told once for all tests, none of which changes them. The right one is in `stories.ts`.

export const fast = { rollout: { noticeMs: 100 } };

export const surging = new Rollout({ surge: true });
export const three = new Rollout({ replicas: 3 });

/** The one that is gone has the fewest connections. */
const blind: Plot['place'] = (instances) => {
  const newest = [...new Map(instances.map((instance) => [instance.replica, instance])).values()];
  return newest.sort((one, other) => one.held - other.held)[0];
};

/** Sessions are sent to the replica that is gone. */
export const sentToTheDead = new Rollout({ place: blind, downMs: 900, contract: exactlyOnce(fast) });

/** Those that are still to be restarted are preferred, though a restarted one is there. */
const toTheOld: Plot['place'] = (instances) => {
  const ready = instances.filter(({ isReady }) => isReady);
  const old = ready.filter(({ generation }) => generation === 0);
  return leastHeld(old.length > 0 ? old : ready);
};

/** Sessions are put on replicas that are next. */
export const avoidable = new Rollout({
  replicas: 3,
  place: toTheOld,
  pauseMs: 400,
  contract: exactlyOnce(fast),
});

/** A message reaches only those on the instance of its sender. */
export const deaf = new Rollout({ hears: (from, to) => from === to });

/** Old and new instances do not hear each other. */
export const strange = new Rollout({
  replicas: 3,
  pauseMs: 500,
  hears: (from, to) => from.generation === to.generation,
});
