/** The name that was probably meant, or undefined when none is close: at most a third of its letters differ. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | null = null;
  for (const name of names) {
    const distance = distanceBetween(word.toLowerCase(), name.toLowerCase());
    const near = distance <= Math.max(1, Math.floor(Math.max(word.length, name.length) / 3));
    if (near && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name;
}

/** ` Did you mean 'token'?`, with a blank before it; empty when nothing is close. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const name = nearest(word, names);
  return name === undefined ? '' : ` Did you mean '${name}'?`;
}

/** How many letters must be put in, taken out, exchanged or swapped with their neighbour (optimal string alignment). */
function distanceBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + cost,
          swapped ? at(beforeLast, column - 2) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number) => row[column] ?? Infinity;
