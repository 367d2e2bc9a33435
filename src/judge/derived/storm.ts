import { allReads, reads } from '../facts/reads.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { struckOf } from './returns.js';
import { spreadOf } from './spread.js';

/** Attempts so close together are in step. */
const inStepMs = 50;

/** The shape of the return: how many attempts to connect there were at most in one second, and how many of them in step. */
export const stormOf = once((context): { readonly peakPerSecond: number; readonly mostInStep: number } => {
  const attempts = struckOf(context).flatMap(({ line, lostAt, back }) =>
    lostAt === null ? [] : line.attempts.filter((t) => t >= lostAt && t <= (back?.ready?.t ?? Infinity)),
  );
  attempts.sort((one, other) => one - other);
  return { peakPerSecond: mostWithin(attempts, 1_000), mostInStep: mostWithin(attempts, inStepMs) };
});

/** Of sorted times, the most that lie in one stretch of so many ms. */
function mostWithin(times: readonly number[], ms: number): number {
  let [most, from] = [0, 0];
  for (const [index, t] of times.entries()) {
    while (t - (times[from] ?? t) >= ms) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

/** What it cost to read the stored log of a room to its end after the disruption, in ms; nothing where nobody did. */
export function readCostsOf(context: Context): Readonly<Record<string, number>> {
  const costs = allReads(context.facts(reads)).flatMap(({ begin, end }) =>
    begin.at === 'after' && end?.ok === true ? [end.t - begin.t] : [],
  );
  const spread = spreadOf(costs);
  if (!spread) return {};
  const { p50, p99, max } = spread;
  return { readMedianMs: p50, readMaxMs: max, ...(p99 === null ? {} : { readP99Ms: p99 }) };
}
