import type { RunResult, Verdict } from '../app/port.js';
import { OutlastError, type Blame } from '../base/errors.js';

export const exits = { pass: 0, fail: 1, usage: 2, unknown: 3, outlast: 4 } as const;

const byBlame: Readonly<Record<Blame, number>> = {
  usage: exits.usage,
  target: exits.unknown,
  outlast: exits.outlast,
};

/** A verdict's exit code. A skipped run is no failure, unless `required`. */
export function exitOfVerdict({ outcome }: Pick<Verdict, 'outcome'>, required: boolean): number {
  if (outcome === 'skipped') return required ? exits.unknown : exits.pass;
  return exits[outcome];
}

/**
 * A run that ended early has what was seen until then: shown loss is a failure, whatever ended the run, but for a config that
 * turned out to be wrong: what was seen through it is no evidence.
 */
export function exitOfResult(
  { verdict, failure }: Pick<RunResult, 'failure'> & { readonly verdict: Pick<Verdict, 'outcome'> },
  required: boolean,
): number {
  if (failure?.blame === 'usage') return exits.usage;
  if (failure === undefined || verdict.outcome === 'fail') return exitOfVerdict(verdict, required);
  return exitOfError(failure);
}

/** A target that does not come back after the disruption has failed; anything else depends on whose fault it is. */
export function exitOfError(error: unknown): number {
  if (!(error instanceof OutlastError)) return exits.outlast;
  if (error.code === 'RESTART_FAILED' || error.code === 'TARGET_GONE') return exits.fail;
  return byBlame[error.blame];
}

/** Of several: a failure before anything else, then what is worse. */
export function worst(codes: readonly number[]): number {
  return codes.includes(exits.fail) ? exits.fail : Math.max(exits.pass, ...codes);
}
