import type { EventOf } from '../../history/events.js';

type Receipt = EventOf<'receive'>;

/** The first receipt of each reader of one message, in the order in which they came. */
export interface Receipts {
  readonly size: number;
  has(reader: string): boolean;
  get(reader: string): Receipt | undefined;
  values(): IterableIterator<Receipt>;
  [Symbol.iterator](): IterableIterator<readonly [reader: string, receipt: Receipt]>;
}

/** From so many on a list is slower than a map. */
const few = 12;

/** Most messages have a handful of readers, and there are very many messages: a list is smaller than a map, and quicker. */
export class ReceiptList implements Receipts {
  #list: Receipt[];
  #byReader: Map<string, Receipt> | null = null;

  /** Takes over a list of readers, each of them once. */
  constructor(list: Receipt[] = []) {
    this.#list = list;
    this.#index();
  }

  get size(): number {
    return this.#list.length;
  }

  has(reader: string): boolean {
    return this.get(reader) !== undefined;
  }

  get(reader: string): Receipt | undefined {
    if (this.#byReader) return this.#byReader.get(reader);
    for (const receipt of this.#list) if (receipt.session === reader) return receipt;
    return undefined;
  }

  /** To be told of a reader only once. */
  add(receipt: Receipt): void {
    // A list of one takes no room for more, as most lists that grow do.
    if (this.#list.length === 0) this.#list = [receipt];
    else this.#list.push(receipt);
    if (this.#byReader) this.#byReader.set(receipt.session, receipt);
    else this.#index();
  }

  #index(): void {
    if (this.#list.length > few) this.#byReader = new Map(this);
  }

  values(): IterableIterator<Receipt> {
    return this.#list.values();
  }

  *[Symbol.iterator](): Generator<readonly [reader: string, receipt: Receipt]> {
    for (const receipt of this.#list) yield [receipt.session, receipt];
  }
}
