import type { Event, EventOf, Header, MessageId } from '../../history/events.js';
import { isCanonical, partsOf } from '../../history/tag.js';
import type { Accumulator, Projection } from '../port.js';
import { advance, Readers, type Inversion, type Place } from './fronts.js';
import { isRefused, isUnoffered, type Message } from './message.js';
import { ReceiptList } from './receipts.js';
import { Retirement, type Retired } from './retirement.js';
import { seatsOf, type Seats } from './seats.js';

/** One message, received more than once by one session. */
export interface Repeat {
  /** Null: so long ago that only its number is remembered. */
  readonly first: EventOf<'receive'> | null;
  readonly again: EventOf<'receive'>;
}

export type { Inversion } from './fronts.js';

export interface Totals {
  /** Without those that found no connection. */
  readonly sent: number;
  readonly unoffered: number;
  readonly acknowledged: number;
  /** Receipts of messages of this run, repeats among them. */
  readonly received: number;
  readonly refused: number;
  readonly unsure: number;
  /** Texts without an identity of this run. */
  readonly foreign: number;
}

/**
 * The ledger of messages. What settled long ago and far from any disruption is remembered only by its number
 * (`retired`), so that it grows with what is outstanding or wrong. What auditors say to each other is not in it.
 */
export interface Ledger {
  readonly messages: ReadonlyMap<MessageId, Message>;
  readonly retired: Retired;
  /** Those of the retired that were sent again since, and nothing more of them than that. */
  readonly revived: ReadonlyMap<MessageId, Pick<Message, 'attempts' | 'acks'>>;
  readonly repeats: readonly Repeat[];
  readonly inversions: readonly Inversion[];
  /** Received by a session that was never meant to be in that room, or shown in another room than it was sent to. */
  readonly strays: readonly EventOf<'receive'>[];
  /** Received texts whose identity was damaged on the way. */
  readonly damaged: readonly EventOf<'receive'>[];
  /** Received with another digest than it was sent with; repeats too. */
  readonly altered: readonly EventOf<'receive'>[];
  readonly totals: () => Totals;
}

type Entry = {
  -readonly [Key in keyof Message]: Message[Key];
} & {
  readonly receipts: ReceiptList;
  /**
   * Surely of this run, under the one id that names it, and not remembered by its number when it was first heard of: then it
   * is not until it leaves the ledger.
   */
  readonly isSure: boolean;
};

export const messages: Projection<Ledger> = {
  id: 'messages',
  kinds: ['send', 'written', 'ack', 'nack', 'unsure', 'unoffered', 'receive', 'disruption'],
  start: (header) => new LedgerFold(header),
};

class LedgerFold implements Accumulator<Ledger> {
  readonly #run: string;
  readonly #seats: Seats;
  readonly #messages = new Map<MessageId, Entry>();
  readonly #retirement: Retirement;
  readonly #revived = new Map<MessageId, Entry>();
  readonly #repeats: Repeat[] = [];
  readonly #inversions: Inversion[] = [];
  readonly #strays: EventOf<'receive'>[] = [];
  readonly #damaged: EventOf<'receive'>[] = [];
  readonly #altered: EventOf<'receive'>[] = [];
  readonly #readers: Readers;
  readonly #invert = (inversion: Inversion) => void this.#inversions.push(inversion);
  #received = 0;
  #foreign = 0;
  readonly view: Ledger;

  constructor(header: Header) {
    this.#run = header.run;
    this.#seats = seatsOf(header);
    this.#readers = new Readers(this.#seats);
    this.#retirement = new Retirement(header);
    this.view = {
      messages: this.#messages,
      retired: this.#retirement.retired,
      revived: this.#revived,
      repeats: this.#repeats,
      inversions: this.#inversions,
      strays: this.#strays,
      damaged: this.#damaged,
      altered: this.#altered,
      totals: () => this.#totals(),
    };
  }

  see(event: Event): void {
    switch (event.kind) {
      case 'receive':
        return this.#receive(event);
      case 'disruption':
        return this.#retirement.keepAround(event.t);
      case 'send':
      case 'written':
      case 'ack':
      case 'nack':
      case 'unsure':
      case 'unoffered':
        if (!this.#readers.reader(event.session).isAuditor) this.#said(event);
    }
  }

  #said(event: EventOf<'send' | 'written' | 'ack' | 'nack' | 'unsure' | 'unoffered'>): void {
    if (event.kind === 'send') return this.#sent(event);
    const entry = this.#mine(event.message);
    if (event.kind === 'written') entry.attempts = [...entry.attempts, event];
    else if (event.kind === 'ack') entry.acks = [...entry.acks, event];
    else entry.unanswered = [...entry.unanswered, event];
  }

  #sent(event: EventOf<'send'>): void {
    const entry = this.#entry(this.#messages, event.message);
    entry.send ??= event;
    for (const receipt of entry.receipts.values()) this.#compare(entry, receipt);
    for (const old of this.#retirement.enter(entry, event.t)) this.#messages.delete(old.id);
  }

  /** The entry that a sender's attempts and answers belong to. */
  #mine(id: MessageId): Entry {
    const known = this.#messages.get(id);
    if (known?.isSure) return known;
    return this.#entry(this.#retirement.holds(id) ? this.#revived : this.#messages, id);
  }

  #receive(event: EventOf<'receive'>): void {
    const { message: id } = event;
    if (id === null) return this.#unknown(event);
    const known = this.#messages.get(id);
    if (known?.isSure) return this.#seen(id, known.sender, event, known);
    const parts = partsOf(id);
    if (parts?.run !== this.#run) return this.#unknown(event);
    this.#seen(id, parts.session, event, null);
  }

  /** A receipt without an identity of this run. */
  #unknown(event: EventOf<'receive'>): void {
    if (event.damaged) this.#damaged.push(event);
    else this.#foreign += 1;
  }

  /** A receipt of a message of this run. */
  #seen(id: MessageId, sender: string, event: EventOf<'receive'>, known: Entry | null): void {
    const { session, room } = event;
    const isAuditors = this.#readers.reader(sender).isAuditor;
    const reader = this.#readers.reader(session);
    if (isAuditors && reader.isAuditor) return;
    this.#received += 1;
    const place = this.#readers.place(reader, session, room);
    if (isAuditors || place.isMeant === false) this.#strays.push(event);
    else if (known) this.#delivered(known, event, place);
    else if (this.#retirement.holds(id)) this.#again(sender, event);
    else this.#delivered(this.#entry(this.#messages, id), event, place);
  }

  /** A retired message had reached all residents but its sender: to them it comes again, to others for the first time. */
  #again(sender: string, event: EventOf<'receive'>): void {
    const had = event.session !== sender && this.#seats.isResident(event.session);
    if (had) this.#repeats.push({ first: null, again: event });
  }

  #delivered(entry: Entry, event: EventOf<'receive'>, place: Place): void {
    this.#compare(entry, event);
    const first = entry.receipts.get(event.session);
    if (first) {
      this.#repeats.push({ first, again: event });
      return;
    }
    entry.receipts.add(event);
    advance(place, entry, event, this.#invert);
  }

  /** Seen again when the send comes later in the file than a receipt. */
  #compare({ send }: Message, event: EventOf<'receive'>): void {
    if (!send) return;
    if (event.digest !== send.digest) this.#altered.push(event);
    if (event.room !== send.room) this.#strays.push(event);
  }

  #entry(among: Map<MessageId, Entry>, id: MessageId): Entry {
    const found = among.get(id);
    if (found) return found;
    const parts = partsOf(id);
    const { session: sender, number } = parts ?? { session: '', number: 0 };
    const isTheName = parts?.run === this.#run && isCanonical(id, parts);
    const isSure = isTheName && !this.#retirement.holdsNumber(sender, number);
    const nothing = { send: null, attempts: none, acks: none, unanswered: none };
    const entry: Entry = { id, sender, number, ...nothing, receipts: new ReceiptList(), isSure };
    among.set(id, entry);
    return entry;
  }

  #totals(): Totals {
    const retired = this.#retirement.retired.count();
    const all = [...this.#messages.values()].filter(
      ({ send, attempts }) => send !== null || attempts.length > 0,
    );
    const unoffered = all.filter(isUnoffered).length;
    const acknowledged = all.filter(({ acks }) => acks.length > 0).length;
    const refused = all.filter(isRefused).length;
    const unsure = all.filter(
      (message) => message.acks.length === 0 && !isRefused(message) && message.attempts.length > 0,
    ).length;
    return {
      sent: retired + all.length - unoffered,
      unoffered,
      acknowledged: retired + acknowledged,
      received: this.#received,
      refused,
      unsure,
      foreign: this.#foreign,
    };
  }
}

/** Shared by all: most messages have none of one thing or another. */
const none: readonly never[] = [];
