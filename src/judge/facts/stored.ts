import type { EventOf } from '../../history/events.js';
import { half, halfOf, textOf } from './digits.js';
import { numberIn } from './message.js';
import { unnumbered, type Names } from './names.js';

type Stored = EventOf<'stored'>;

/** What one read showed, in the order in which it was shown. An entry may be made anew each time that it is asked for. */
export interface StoredEntries extends Iterable<Stored> {
  readonly length: number;
  at(place: number): Stored | undefined;
  /** The message of an entry, the same number in all reads of a history; `unnumbered`: look at the entry itself. */
  keyAt(place: number): number;
  /** Who it is shown to be from, likewise. Only where its message has a number. */
  fromAt(place: number): number;
}

/** So many of a read are kept as they came: short reads are many. */
const few = 64;
const blockSize = 1_024;
/** What the target's own id is: absent, the same as something that is held anyway, or another text. */
const idIs = { absent: 0, message: 1, position: 2, other: 3 } as const;

/** Entries by columns: an object for each would weigh many times as much. */
interface Block {
  readonly t: Float64Array;
  readonly key: Float64Array;
  /** NaN: absent. */
  readonly position: Float64Array;
  readonly digest: readonly [Uint32Array, Uint32Array];
  readonly from: Int32Array;
  /** 0: absent. */
  readonly conn: Int32Array;
  readonly idIs: Uint8Array;
  ids: (string | undefined)[] | null;
}

/**
 * The entries of one read. There may be a million, and all of them are needed until the end. Those that are as most are (a message
 * of this run, a digest of 16 hexadecimal digits, a position that is a number or none) are held as numbers.
 */
export class StoredList implements StoredEntries {
  readonly #session: string;
  readonly #read: string;
  readonly #names: Names;
  readonly #blocks: Block[] = [];
  /** By place. */
  readonly #asTheyCame = new Map<number, Stored>();
  #length = 0;

  constructor({ session, read }: { readonly session: string; readonly read: string }, names: Names) {
    this.#session = session;
    this.#read = read;
    this.#names = names;
  }

  get length(): number {
    return this.#length;
  }

  add(event: Stored): void {
    const place = this.#length++;
    if (place < few || !this.#hold(place, event)) this.#asTheyCame.set(place, event);
  }

  at(place: number): Stored | undefined {
    const block = this.#blockOf(place);
    return block ? this.#made(block, place) : this.#asTheyCame.get(place);
  }

  keyAt(place: number): number {
    return this.#blockOf(place)?.key[place % blockSize] ?? unnumbered;
  }

  fromAt(place: number): number {
    return this.#blockOf(place)?.from[place % blockSize] ?? unnumbered;
  }

  *[Symbol.iterator](): Generator<Stored> {
    for (let place = 0; place < this.#length; place++) {
      const entry = this.at(place);
      if (entry) yield entry;
    }
  }

  /** Undefined: it is held as it came, or is not there. */
  #blockOf(place: number): Block | undefined {
    if (place < few || place >= this.#length) return undefined;
    // Of most reads it holds the first few and no others: then it need not be asked a million times.
    if (this.#asTheyCame.size > few && this.#asTheyCame.has(place)) return undefined;
    return this.#blocks[Math.floor(place / blockSize)];
  }

  /** False: it does not fit into the columns. */
  #hold(place: number, event: Stored): boolean {
    const { digest, from, id, conn = 0 } = event;
    const key = event.message === null ? unnumbered : this.#names.keyOf(event.message);
    const position = event.position === undefined ? Number.NaN : (numberIn(event.position) ?? unnumbered);
    const [high, low] = [halfOf(digest, 0), halfOf(digest, half)];
    if (key === unnumbered || position === unnumbered || high < 0 || low < 0) return false;
    if (digest.length !== 2 * half || event.index !== place || event.damaged || !this.#isOurs(event))
      return false;
    const block = (this.#blocks[Math.floor(place / blockSize)] ??= emptyBlock());
    const at = place % blockSize;
    block.t[at] = event.t;
    block.key[at] = key;
    block.position[at] = position;
    block.digest[0][at] = high;
    block.digest[1][at] = low;
    block.from[at] = from === undefined ? unnumbered : this.#names.numberOf(from);
    block.conn[at] = conn;
    block.idIs[at] = kindOfId(event);
    if (block.idIs[at] === idIs.other) (block.ids ??= new Array<undefined>(blockSize))[at] = id;
    return true;
  }

  #isOurs({ session, read, conn = 1 }: Stored): boolean {
    return conn >= 1 && conn < 2 ** 31 && session === this.#session && read === this.#read;
  }

  /** With its fields in the order in which our own histories have them. Written out, as spreading takes many times as long. */
  #made(block: Block, place: number): Stored {
    const at = place % blockSize;
    const message = this.#names.messageOf(block.key[at] ?? 0);
    const number = block.position[at] ?? Number.NaN;
    const position = Number.isNaN(number) ? undefined : String(number);
    const id = [undefined, message, position, block.ids?.[at]][block.idIs[at] ?? idIs.absent];
    const from = block.from[at] ?? unnumbered;
    const conn = block.conn[at] ?? 0;
    const digest = textOf(block.digest[0][at]) + textOf(block.digest[1][at]);
    const [t, session, read] = [block.t[at] ?? 0, this.#session, this.#read];
    const entry: Made = { t, session, kind: 'stored', read, index: place, message, digest };
    if (id !== undefined) entry.id = id;
    if (position !== undefined) entry.position = position;
    if (from !== unnumbered) entry.from = this.#names.nameOf(from);
    if (conn !== 0) entry.conn = conn;
    return entry;
  }
}

type Made = { -readonly [Key in keyof Stored]: Stored[Key] };

const emptyBlock = (): Block => ({
  t: new Float64Array(blockSize),
  key: new Float64Array(blockSize),
  position: new Float64Array(blockSize),
  digest: [new Uint32Array(blockSize), new Uint32Array(blockSize)],
  from: new Int32Array(blockSize),
  conn: new Int32Array(blockSize),
  idIs: new Uint8Array(blockSize),
  ids: null,
});

function kindOfId({ id, message, position }: Stored): number {
  if (id === undefined) return idIs.absent;
  if (id === message) return idIs.message;
  return id === position ? idIs.position : idIs.other;
}
