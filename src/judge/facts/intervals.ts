/** A set of whole numbers, kept as intervals: what came in order costs one entry, however much it was. */
export class Intervals {
  /** Sorted, apart from each other by at least one number: [first, last] pairs. */
  readonly #pairs: [first: number, last: number][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get pairs(): readonly (readonly [first: number, last: number])[] {
    return this.#pairs;
  }

  has(value: number): boolean {
    const pair = this.#pairs[this.#upTo(value)];
    return pair !== undefined && value <= pair[1];
  }

  /** False when it was there already. */
  add(value: number): boolean {
    const index = this.#upTo(value);
    const before = this.#pairs[index];
    if (before && value <= before[1]) return false;
    const after = this.#pairs[index + 1];
    this.#size += 1;
    const touchesBefore = before !== undefined && before[1] + 1 === value;
    const touchesAfter = after !== undefined && after[0] - 1 === value;
    if (touchesBefore && touchesAfter) {
      before[1] = after[1];
      this.#pairs.splice(index + 1, 1);
    } else if (touchesBefore) before[1] = value;
    else if (touchesAfter) after[0] = value;
    else this.#pairs.splice(index + 1, 0, [value, value]);
    return true;
  }

  /** In order. */
  *[Symbol.iterator](): Generator<number> {
    for (const [first, last] of this.#pairs) for (let value = first; value <= last; value++) yield value;
  }

  /** The index of the last pair that begins at or before the value; -1 when there is none. */
  #upTo(value: number): number {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pairs[middle]?.[0] ?? Infinity) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
