import type { MessageId } from '../../history/events.js';
import { unnumbered, type Names } from './names.js';
import type { StoredEntries } from './stored.js';

/** Messages, those of this run as numbers. */
export class MessageSet {
  readonly #names: Names;
  readonly #keys = new Set<number>();
  readonly #others = new Set<MessageId>();

  constructor(names: Names) {
    this.#names = names;
  }

  has(message: MessageId): boolean {
    const key = this.#names.keyOf(message);
    return key === unnumbered ? this.#others.has(message) : this.#keys.has(key);
  }

  hasNumber(sender: string, number: number): boolean {
    const key = this.#names.keyOfNumber(sender, number);
    return key === unnumbered ? this.has(this.messageOf(sender, number)) : this.#keys.has(key);
  }

  messageOf(sender: string, number: number): MessageId {
    return `${this.#names.run}.${sender}.${number}`;
  }

  /** The messages of entries; returns how many of them were there already. */
  addAll(entries: StoredEntries): number {
    let repeated = 0;
    for (let place = 0; place < entries.length; place++) {
      const key = entries.keyAt(place);
      if (key !== unnumbered) repeated += added(this.#keys, key);
      else {
        const message = entries.at(place)?.message ?? null;
        if (message !== null) repeated += this.#add(message);
      }
    }
    return repeated;
  }

  #add(message: MessageId): number {
    const key = this.#names.keyOf(message);
    return key === unnumbered ? added(this.#others, message) : added(this.#keys, key);
  }
}

/** 1 where it was there already. */
function added<T>(set: Set<T>, item: T): 0 | 1 {
  const { size } = set;
  return set.add(item).size === size ? 1 : 0;
}
