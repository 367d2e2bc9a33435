import type { Event, EventOf, Header, MessageId } from '../../history/events.js';
import { isCanonical, partsOf } from '../../history/tag.js';
import type { Accumulator, Projection } from '../port.js';
import { Archive, type Told } from './archive.js';
import { Entry } from './entry.js';
import { advance, Readers, type Inversion, type Place } from './fronts.js';
import { EventList, InversionList, Numbered, RepeatList, type Listed, type Repeat } from './listed.js';
import { isRefused, isUnoffered, type Message } from './message.js';
import { Packing } from './packing.js';
import { ReceiptList } from './receipts.js';
import { Retirement, type Retired } from './retirement.js';
import { Ring } from './ring.js';
import { seatsOf, type Seats } from './seats.js';

export type { Listed, Repeat } from './listed.js';
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
 * (`retired`), so that it grows with what is outstanding or wrong; and that is packed. What auditors say to each other is not in it.
 */
export interface Ledger {
  readonly messages: ReadonlyMap<MessageId, Message>;
  readonly retired: Retired;
  /** Those of the retired that were sent again since, and nothing more of them than that. */
  readonly revived: ReadonlyMap<MessageId, Pick<Message, 'attempts' | 'acks'>>;
  readonly repeats: Listed<Repeat>;
  readonly inversions: Listed<Inversion>;
  /** Received by a session that was never meant to be in that room, or shown in another room than it was sent to. */
  readonly strays: Listed<EventOf<'receive'>>;
  /** Received texts whose identity was damaged on the way. */
  readonly damaged: Listed<EventOf<'receive'>>;
  /** Received with another digest than it was sent with; repeats too. */
  readonly altered: Listed<EventOf<'receive'>>;
  readonly totals: () => Totals;
}

export const messages: Projection<Ledger> = {
  id: 'messages',
  kinds: ['send', 'written', 'ack', 'nack', 'unsure', 'unoffered', 'receive', 'disruption'],
  start: (header) => new LedgerFold(header),
};

class LedgerFold implements Accumulator<Ledger> {
  readonly #run: string;
  readonly #seats: Seats;
  readonly #packing: Packing;
  readonly #archive: Archive;
  /** Of which something was heard last, and which have no time to settle: more may come soon, so they are packed late. */
  readonly #lately = new Ring<Entry>(1_024);
  /** A run that is well has fewer near its disruptions, and nothing of it is packed: each judge would have to make it anew. */
  readonly #unsettled = new Ring<Entry>(16_384);
  readonly #noted = new Numbered();
  readonly #messages = new Map<MessageId, Entry>();
  readonly #retirement: Retirement<Entry>;
  readonly #revived = new Map<MessageId, Entry>();
  readonly #repeats: RepeatList;
  readonly #inversions = new InversionList(this.#noted);
  readonly #strays: EventList<EventOf<'receive'>>;
  readonly #damaged: EventList<EventOf<'receive'>>;
  readonly #altered: EventList<EventOf<'receive'>>;
  readonly #readers: Readers<Entry>;
  readonly #invert = (inversion: Inversion<Entry>) => this.#inversions.add(inversion);
  #received = 0;
  #foreign = 0;
  /** Null: something was seen since. */
  #counted: Totals | null = null;
  readonly view: Ledger;

  constructor(header: Header) {
    this.#run = header.run;
    this.#seats = seatsOf(header);
    this.#packing = new Packing(header.run);
    this.#archive = new Archive(this.#packing);
    this.#repeats = new RepeatList(this.#noted, this.#packing);
    this.#strays = new EventList(this.#packing);
    this.#damaged = new EventList(this.#packing);
    this.#altered = new EventList(this.#packing);
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
    this.#counted = null;
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
    const told = this.#open(this.#mine(event.message));
    if (event.kind === 'written') told.attempts = [...told.attempts, event];
    else if (event.kind === 'ack') told.acks = [...told.acks, event];
    else told.unanswered = [...told.unanswered, event];
  }

  #sent(event: EventOf<'send'>): void {
    const entry = this.#entry(this.#messages, event.message);
    this.#open(entry).send ??= event;
    for (const receipt of entry.receipts.values()) this.#compare(entry, receipt);
    const { leaving, staying } = this.#retirement.enter(entry, event.t);
    for (const old of leaving) this.#messages.delete(old.id);
    for (const old of [...staying, ...leaving.filter(({ noted }) => noted !== null)])
      this.#unsettled.put(old)?.pack();
  }

  /** The entry that a sender's attempts and answers belong to. */
  #mine(id: MessageId): Entry {
    const known = this.#messages.get(id);
    if (known?.isSure) return known;
    return this.#heard(this.#retirement.holds(id) ? this.#revived : this.#messages, id);
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
    if (event.damaged) this.#damaged.add(event);
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
    if (isAuditors || place.isMeant === false) this.#strays.add(event);
    else if (known) this.#delivered(known, event, place);
    else if (this.#retirement.holds(id)) this.#again(sender, event);
    else this.#delivered(this.#heard(this.#messages, id), event, place);
  }

  /** A retired message had reached all residents but its sender: to them it comes again, to others for the first time. */
  #again(sender: string, event: EventOf<'receive'>): void {
    const had = event.session !== sender && this.#seats.isResident(event.session);
    if (had) this.#repeats.add(null, event);
  }

  #delivered(entry: Entry, event: EventOf<'receive'>, place: Place<Entry>): void {
    this.#compare(entry, event);
    if (entry.receipts.has(event.session)) {
      this.#repeats.add(entry, event);
      return;
    }
    this.#open(entry).receipts.add(event);
    advance(place, entry, event, this.#invert);
  }

  /** Seen again when the send comes later in the file than a receipt. */
  #compare({ send }: Message, event: EventOf<'receive'>): void {
    if (!send) return;
    if (event.digest !== send.digest) this.#altered.add(event);
    if (event.room !== send.room) this.#strays.add(event);
  }

  /** What nobody said that it would be sent has no time at which it settles. */
  #heard(among: Map<MessageId, Entry>, id: MessageId): Entry {
    const found = among.get(id);
    if (found) return found;
    const entry = this.#entry(among, id);
    this.#lately.put(entry)?.pack();
    return entry;
  }

  #entry(among: Map<MessageId, Entry>, id: MessageId): Entry {
    const found = among.get(id);
    if (found) return found;
    const parts = partsOf(id);
    const { session: sender, number } = parts ?? { session: '', number: 0 };
    const isTheName = parts?.run === this.#run && isCanonical(id, parts);
    const isSure = isTheName && !this.#retirement.holdsNumber(sender, number);
    const nothing = { send: null, attempts: none, acks: none, unanswered: none };
    const told = { sender, number, ...nothing, receipts: new ReceiptList() };
    const entry = new Entry(id, told, isSure, this.#archive);
    among.set(id, entry);
    return entry;
  }

  #open(entry: Entry): Told {
    if (entry.isPacked) this.#lately.put(entry)?.pack();
    return entry.open();
  }

  /** Many ask when all has been seen. */
  #totals(): Totals {
    return (this.#counted ??= this.#count());
  }

  #count(): Totals {
    const retired = this.#retirement.retired.count();
    const all = { sent: retired, unoffered: 0, acknowledged: retired, refused: 0, unsure: 0 };
    for (const message of this.#messages.values()) {
      const { send, attempts, acks } = message;
      if (send === null && attempts.length === 0) continue;
      if (isUnoffered(message)) all.unoffered += 1;
      else all.sent += 1;
      if (acks.length > 0) all.acknowledged += 1;
      else if (isRefused(message)) all.refused += 1;
      else if (attempts.length > 0) all.unsure += 1;
    }
    return { ...all, received: this.#received, foreign: this.#foreign };
  }
}

/** Shared by all: most messages have none of one thing or another. */
const none: readonly never[] = [];
