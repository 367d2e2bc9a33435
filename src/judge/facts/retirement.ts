import type { Header, MessageId } from '../../history/events.js';
import { partsOf } from '../../history/tag.js';
import { Intervals } from './intervals.js';
import { numberIn, type Message } from './message.js';
import { seatsOf, type Seats } from './seats.js';

/** How long what settled is kept whole, and how near a disruption it is kept for good, in ms. */
const horizonMs = 60_000;

/** What settled long ago: acknowledged, and received unchanged by everyone who is meant to read it. */
export interface Retired {
  /** Numbers by sender, of one room. */
  readonly inRoom: (room: string) => ReadonlyMap<string, Intervals>;
  readonly rooms: () => Iterable<string>;
  /** The positions that these messages had in their room. */
  readonly positionsIn: (room: string) => Pick<Intervals, 'has'>;
  readonly count: () => number;
  /** How many receipts they had. */
  readonly deliveries: () => number;
}

interface RetiredRoom {
  readonly numbers: Map<string, Intervals>;
  readonly positions: Intervals;
}

/** Those whose time has come. */
export interface Passed<Its> {
  /** They retire. */
  readonly leaving: readonly Its[];
  /** They are kept for good: they had not settled by then, or are near a disruption. */
  readonly staying: readonly Its[];
}

/** Decides which messages of the ledger need no longer be kept whole. Where the plan names no readers, all are kept. */
export class Retirement<Its extends Message = Message> {
  readonly #seats: Seats;
  /** A window counted in messages is measured over all of an absence: then nothing retires. */
  readonly #isOff: boolean;
  readonly #rooms = new Map<string, RetiredRoom>();
  readonly #bySender = new Map<string, Intervals>();
  readonly #disruptions: number[] = [];
  #queue: Its[] = [];
  #head = 0;
  #count = 0;
  #deliveries = 0;

  readonly retired: Retired = {
    inRoom: (room) => this.#rooms.get(room)?.numbers ?? new Map<string, Intervals>(),
    rooms: () => this.#rooms.keys(),
    positionsIn: (room) => this.#rooms.get(room)?.positions ?? new Intervals(),
    count: () => this.#count,
    deliveries: () => this.#deliveries,
  };

  constructor(header: Header) {
    this.#seats = seatsOf(header);
    this.#isOff = header.contract.replayWindow.messages !== undefined;
  }

  /** What was sent near this moment is kept whole. */
  keepAround(t: number): void {
    if (t - (this.#disruptions.at(-1) ?? Number.NEGATIVE_INFINITY) > 1_000) this.#disruptions.push(t);
  }

  holds(id: MessageId): boolean {
    if (this.#count === 0) return false;
    const parts = partsOf(id);
    return parts !== null && this.holdsNumber(parts.session, parts.number);
  }

  holdsNumber(sender: string, number: number): boolean {
    return this.#bySender.get(sender)?.has(number) ?? false;
  }

  /** Takes a message in, and returns those whose time has come. */
  enter(message: Its, now: number): Passed<Its> {
    this.#queue.push(message);
    const [leaving, staying]: [Its[], Its[]] = [[], []];
    for (;;) {
      const oldest = this.#queue[this.#head];
      if (!oldest || now - (oldest.send?.t ?? now) <= horizonMs) break;
      this.#head += 1;
      if (!this.#isOff && this.#mayRetire(oldest)) leaving.push(oldest);
      else staying.push(oldest);
    }
    this.#compact();
    for (const one of leaving) this.#retire(one);
    return { leaving, staying };
  }

  #mayRetire(message: Message): boolean {
    const { send, acks, receipts, sender } = message;
    if (!send || send.purpose === 'canary' || acks.length === 0) return false;
    for (const t of this.#disruptions) if (Math.abs(t - send.t) <= horizonMs) return false;
    for (const { digest, room } of receipts.values()) {
      if (digest !== send.digest || room !== send.room) return false;
    }
    const readers = this.#seats.readersOf(send.room);
    for (const reader of readers) if (reader !== sender && !receipts.has(reader)) return false;
    return readers.length > 0;
  }

  #retire({ send, sender, number, acks, receipts }: Message): void {
    if (!send) return;
    const room = this.#rooms.get(send.room) ?? {
      numbers: new Map<string, Intervals>(),
      positions: new Intervals(),
    };
    this.#rooms.set(send.room, room);
    intervalsOf(room.numbers, sender).add(number);
    intervalsOf(this.#bySender, sender).add(number);
    const position = numberIn(acks[0]?.position ?? '');
    if (position !== null) room.positions.add(position);
    this.#count += 1;
    this.#deliveries += receipts.size - (receipts.has(sender) ? 1 : 0);
  }

  #compact(): void {
    if (this.#head < 1_024) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }
}

function intervalsOf(map: Map<string, Intervals>, key: string): Intervals {
  const found = map.get(key) ?? new Intervals();
  map.set(key, found);
  return found;
}
