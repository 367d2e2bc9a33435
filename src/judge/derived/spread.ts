import { round } from '../finding.js';
import type { Spread } from '../verdict.js';

/** Percentiles need samples: below this many only the median and the maximum are shown. Source: semantics, "Time". */
const enoughSamples = 100;

/** How durations spread; null when there are none. */
export function spreadOf(durations: readonly number[]): Spread | null {
  if (durations.length === 0) return null;
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
  const isEnough = sorted.length >= enoughSamples;
  return {
    n: sorted.length,
    p50: at(0.5),
    p95: isEnough ? at(0.95) : null,
    p99: isEnough ? at(0.99) : null,
    max: at(1),
  };
}
