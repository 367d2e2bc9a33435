import type { Kind, Seen } from '../../../src/history/events.js';

type SeenOf<K extends Kind> = Extract<Seen, { readonly kind: K }>;

/** Keeps what a client tells, and waits for it. */
export class Watcher {
  readonly events: Seen[] = [];
  readonly #waiting = new Set<() => void>();

  readonly observe = (seen: Seen): void => {
    this.events.push(seen);
    for (const look of this.#waiting) look();
  };

  of<K extends Kind>(kind: K): SeenOf<K>[] {
    return this.events.filter((seen): seen is SeenOf<K> => seen.kind === kind);
  }

  get kinds(): string[] {
    return this.events.map(({ kind }) => kind);
  }

  /** The nth event of a kind, from 1; waits for it where it is still to come. */
  async next<K extends Kind>(kind: K, nth = 1): Promise<SeenOf<K>> {
    await this.until(() => this.of(kind).length >= nth);
    const found = this.of(kind)[nth - 1];
    if (!found) throw new RangeError(`no ${kind} number ${nth}`);
    return found;
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
