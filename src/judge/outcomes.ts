import type { Outcome } from './port.js';

/** `fail` > `unknown` > `pass`; `skipped` is neutral. Nothing at all was not exercised: `unknown`. */
export function merge(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.length === 0) return 'unknown';
  const order = ['fail', 'unknown', 'pass'] as const;
  return order.find((outcome) => outcomes.includes(outcome)) ?? 'skipped';
}
