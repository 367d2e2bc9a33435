/** Exponential back-off with full jitter: a wait is drawn evenly from 0 to the ceiling of its attempt. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly factor: number;
}

export const defaultBackoff: Backoff = { firstMs: 100, maxMs: 2_000, factor: 2 };

/** The wait before attempt number `attempt` (0 is the first retry), in ms. Source: AWS architecture blog, "full jitter". */
export function waitBefore(attempt: number, backoff: Backoff, random: () => number): number {
  const ceiling = Math.min(backoff.maxMs, backoff.firstMs * backoff.factor ** Math.min(attempt, 60));
  return random() * ceiling;
}
