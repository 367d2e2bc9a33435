/** The one in the middle, or the mean of the two. Throws where there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('expected a value, got none');
  return (upper + lower) / 2;
}

export interface Turns<Result> {
  readonly ours: readonly Result[];
  readonly bare: readonly Result[];
}

/** Measures two sides in turns, so that whatever else the machine does meets both; every other round begins with the other. */
export async function inTurns<Result>(
  rounds: number,
  ours: () => Promise<Result>,
  bare: () => Promise<Result>,
): Promise<Turns<Result>> {
  const results = { ours: new Array<Result>(), bare: new Array<Result>() };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
    for (const side of order) results[side].push(await (side === 'ours' ? ours() : bare()));
  }
  return results;
}
