import { OutlastError } from '../base/errors.js';
import type { Config } from '../config/types.js';

/**
 * A config that disrupts so many times, one after the other, each when everyone is back from the one before; a sequence as a whole.
 * What a disruption may take stays as it is, and the whole may take so many times as long. Throws `USAGE` for what nobody can
 * repeat.
 */
export function repeated(config: Config, times: number): Config {
  if (times === 1) return config;
  const { disruption, contract } = config;
  const { budgets } = contract;
  const { disruptions: round, ...rest } =
    disruption.kind === 'sequence' ? disruption : { kind: 'sequence' as const, disruptions: [disruption] };
  if (round.some(({ kind }) => kind === 'watch')) {
    throw new OutlastError(
      'USAGE',
      `expected a disruption that Outlast makes itself for --restarts ${times}; got watch(…), which waits for somebody else, who decides how often. ` +
        'For a deploy that a command makes there is command(…)',
    );
  }
  return {
    ...config,
    contract: { ...contract, budgets: { ...budgets, totalMs: budgets.totalMs * times } },
    disruption: { ...rest, disruptions: Array.from({ length: times }, () => round).flat() },
  };
}
