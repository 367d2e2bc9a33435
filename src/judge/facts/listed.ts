import type { Event, EventOf } from '../../history/events.js';
import { Column } from './column.js';
import type { Entry } from './entry.js';
import type { Inversion } from './fronts.js';
import { Names } from './names.js';
import type { Packing } from './packing.js';

/** There may be millions: each is made anew whenever it is asked for. */
export interface Listed<T> extends Iterable<T> {
  readonly length: number;
}

/** One message, received more than once by one session. */
export interface Repeat {
  /** Null: so long ago that only its number is remembered. */
  readonly first: EventOf<'receive'> | null;
  readonly again: EventOf<'receive'>;
}

/** Events, packed. */
export class EventList<E extends Event> implements Listed<E> {
  readonly #packing: Packing;
  readonly #addresses = new Column();

  constructor(packing: Packing) {
    this.#packing = packing;
  }

  get length(): number {
    return this.#addresses.length;
  }

  add(event: E): void {
    this.#addresses.push(this.#packing.add('', [[event]]));
  }

  *[Symbol.iterator](): Generator<E> {
    for (let at = 0; at < this.length; at++) {
      yield* this.#packing.at('', this.#addresses.at(at)).list<E>();
    }
  }
}

/** Entries by number: a list of numbers weighs less than a list of what points at them. */
export class Numbered {
  readonly #entries: Entry[] = [];

  numberOf(entry: Entry): number {
    return (entry.noted ??= this.#entries.push(entry) - 1);
  }

  at(number: number): Entry | undefined {
    return this.#entries[number];
  }
}

/** Repeats. What came first is what the entry holds of that reader. */
export class RepeatList implements Listed<Repeat> {
  readonly #entries: Numbered;
  /** The number of the entry and 1; 0: it is remembered by its number alone. */
  readonly #first = new Column();
  readonly #again: EventList<EventOf<'receive'>>;

  constructor(entries: Numbered, packing: Packing) {
    this.#entries = entries;
    this.#again = new EventList(packing);
  }

  get length(): number {
    return this.#again.length;
  }

  /** `of`: null where it is remembered by its number alone. */
  add(of: Entry | null, again: EventOf<'receive'>): void {
    this.#first.push(of ? this.#entries.numberOf(of) + 1 : 0);
    this.#again.add(again);
  }

  *[Symbol.iterator](): Generator<Repeat> {
    let at = 0;
    for (const again of this.#again) {
      const of = this.#entries.at(this.#first.at(at++) - 1);
      yield { first: of?.receipts.get(again.session) ?? null, again };
    }
  }
}

const by = ['number', 'position'] as const;

/** Inversions. The receipts are those that the entries hold of that reader. */
export class InversionList implements Listed<Inversion> {
  readonly #entries: Numbered;
  readonly #readers = new Names('');
  readonly #earlier = new Column();
  readonly #later = new Column();
  /** Twice the number of the reader, and 1 where it is by position. */
  readonly #how = new Column();

  constructor(entries: Numbered) {
    this.#entries = entries;
  }

  get length(): number {
    return this.#how.length;
  }

  add(one: Inversion<Entry>): void {
    this.#earlier.push(this.#entries.numberOf(one.earlier));
    this.#later.push(this.#entries.numberOf(one.later));
    this.#how.push(2 * this.#readers.numberOf(one.reader) + by.indexOf(one.by));
  }

  *[Symbol.iterator](): Generator<Inversion> {
    for (let at = 0; at < this.length; at++) {
      const how = this.#how.at(at);
      const reader = this.#readers.nameOf(Math.floor(how / 2));
      const [earlier, later] = [this.#earlier, this.#later].map((column) => this.#entries.at(column.at(at)));
      const [receipt, laterReceipt] = [earlier, later].map((entry) => entry?.receipts.get(reader));
      if (earlier && later && receipt && laterReceipt)
        yield { reader, by: how % 2 === 0 ? 'number' : 'position', earlier, later, laterReceipt, receipt };
    }
  }
}
