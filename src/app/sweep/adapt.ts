import type { Config } from '../../config/types.js';
import type { Setup } from '../../observe/run/index.js';
import type { KeptTarget } from './kept.js';
import type { PlannedRestart } from './plan.js';

/** A restart may meet what another has not got over yet: then both take their time. */
const atOnce = 2;

/**
 * The config of a batch: its restarts one after the other, within budgets that fit to that. Answers in parts are left out: each
 * restart would wait for one to be under way.
 */
export function configOf(config: Config, planned: readonly PlannedRestart[]): Config {
  const { restartMs, reconnectMs, recoveryMs, totalMs } = config.contract.budgets;
  const { answers: _, ...target } = config.target;
  return {
    ...{ ...config, target },
    disruption: { kind: 'sequence', disruptions: planned.map(({ disruption }) => disruption) },
    contract: {
      ...config.contract,
      budgets: {
        restartMs: restartMs * atOnce,
        reconnectMs: reconnectMs * atOnce,
        recoveryMs: recoveryMs * atOnce,
        totalMs: totalMs * planned.length,
      },
    },
  };
}

/** The set-up of a batch: the target that is kept up, struck at its moments. */
export function adapted(setup: Setup, planned: readonly PlannedRestart[], kept: KeptTarget): Setup {
  const reason = 'a sweep asks for no answers in parts';
  return {
    ...setup,
    target: kept.asKind(setup.target),
    without: { ...setup.without, streams: reason, cancellation: reason },
    strikes: setup.strikes.map((strike, index) => {
      const moment = planned[index]?.moment;
      return moment ? { ...strike, moment } : strike;
    }),
  };
}
