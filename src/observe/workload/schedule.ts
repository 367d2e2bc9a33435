/** One thing that the schedule wants sent. */
export interface Turn {
  /** ms since the schedule's start; never later because the target was slow (no coordinated omission). */
  readonly due: number;
  readonly sender: string;
}

/**
 * An open-loop schedule: evenly spaced turns, so many a second, in rounds in which everyone speaks once, in an order
 * drawn anew for each round. It never ends.
 */
export function* schedule(
  senders: readonly string[],
  perSecond: number,
  random: () => number,
): Generator<Turn, never> {
  if (senders.length === 0) throw new RangeError('a schedule needs at least one sender');
  for (let turn = 0; ;) {
    for (const sender of shuffled(senders, random)) yield { due: (turn++ * 1_000) / perSecond, sender };
  }
}

/** A new array in an order drawn from `random` (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [result[last], result[other]];
    if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a];
  }
  return result;
}
