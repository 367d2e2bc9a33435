/** The last of what was put in, so many of them: each takes the place of the one that has been there for longest. */
export class Ring<T> {
  readonly #most: number;
  readonly #items: T[] = [];
  #next = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Returns the one whose place it takes. */
  put(item: T): T | undefined {
    const oldest = this.#items[this.#next];
    this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % this.#most;
    return oldest;
  }
}
