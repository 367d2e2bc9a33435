import type { Event, EventOf, Header, MessageId } from '../../history/events.js';
import { partsOf } from '../../history/tag.js';
import type { Accumulator, Projection } from '../port.js';
import { isBefore, isRefused, isUnoffered, type Message } from './message.js';
import { Retirement, type Retired } from './retirement.js';
import { seatsOf, type Seats } from './seats.js';

/** One message, received more than once by one session. */
export interface Repeat {
  /** Null: so long ago that only its number is remembered. */
  readonly first: EventOf<'receive'> | null;
  readonly again: EventOf<'receive'>;
}

/** At its first receipt, a message came after one that its sender sent later, or that has a later position. */
export interface Inversion {
  readonly reader: string;
  readonly by: 'number' | 'position';
  readonly earlier: Message;
  readonly later: Message;
  readonly laterReceipt: EventOf<'receive'>;
  readonly receipt: EventOf<'receive'>;
}

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
  -readonly [Key in keyof Message]: Message[Key] extends readonly (infer Item)[] ? Item[] : Message[Key];
} & { receipts: Map<string, EventOf<'receive'>> };

type Front = { readonly message: Message; readonly receipt: EventOf<'receive'> };

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
  /** By reader, room and sender: the latest message that was received so far. By reader and room: the latest position. */
  readonly #fronts = new Map<string, Front>();
  #received = 0;
  #foreign = 0;
  readonly view: Ledger;

  constructor(header: Header) {
    this.#run = header.run;
    this.#seats = seatsOf(header);
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
    if (event.kind === 'disruption') this.#retirement.keepAround(event.t);
    if (!('session' in event)) return;
    if (event.kind === 'receive') this.#receive(event);
    else if (this.#seats.role(event.session) !== 'auditor') this.#said(event);
  }

  #said(event: Event): void {
    if (event.kind === 'send') this.#sent(event);
    else if (event.kind === 'written') this.#mine(event.message).attempts.push(event);
    else if (event.kind === 'ack') this.#mine(event.message).acks.push(event);
    else if (event.kind === 'nack' || event.kind === 'unsure' || event.kind === 'unoffered') {
      this.#mine(event.message).unanswered.push(event);
    }
  }

  #sent(event: EventOf<'send'>): void {
    const entry = this.#entry(this.#messages, event.message);
    entry.send ??= event;
    for (const receipt of entry.receipts.values()) this.#compare(entry, receipt);
    for (const old of this.#retirement.enter(entry, event.t)) this.#messages.delete(old.id);
  }

  /** The entry that a sender's attempts and answers belong to. */
  #mine(id: MessageId): Entry {
    return this.#entry(this.#retirement.holds(id) ? this.#revived : this.#messages, id);
  }

  #receive(event: EventOf<'receive'>): void {
    const parts = event.message === null ? null : partsOf(event.message);
    if (event.message === null || parts?.run !== this.#run) {
      if (event.damaged) this.#damaged.push(event);
      else this.#foreign += 1;
      return;
    }
    const isAuditors = this.#seats.role(parts.session) === 'auditor';
    if (isAuditors && this.#seats.role(event.session) === 'auditor') return;
    this.#received += 1;
    const isStray = isAuditors || this.#seats.isMeantFor(event.session, event.room) === false;
    if (isStray) this.#strays.push(event);
    else if (this.#retirement.holds(event.message)) this.#again(parts.session, event);
    else this.#delivered(this.#entry(this.#messages, event.message), event);
  }

  /** A retired message had reached all residents but its sender: to them it comes again, to others for the first time. */
  #again(sender: string, event: EventOf<'receive'>): void {
    const had = event.session !== sender && this.#seats.isResident(event.session);
    if (had) this.#repeats.push({ first: null, again: event });
  }

  #delivered(entry: Entry, event: EventOf<'receive'>): void {
    this.#compare(entry, event);
    const first = entry.receipts.get(event.session);
    if (first) {
      this.#repeats.push({ first, again: event });
      return;
    }
    entry.receipts.set(event.session, event);
    const place = `${event.session} ${event.room}`;
    this.#advance(`${place} ${entry.sender}`, 'number', entry, event);
    if (event.position !== undefined) this.#advance(place, 'position', entry, event);
  }

  #advance(key: string, by: Inversion['by'], message: Message, receipt: EventOf<'receive'>): void {
    const front = this.#fronts.get(key);
    if (!front || !isBehind(by, message, receipt, front)) this.#fronts.set(key, { message, receipt });
    else {
      const { message: later, receipt: laterReceipt } = front;
      this.#inversions.push({ reader: receipt.session, by, earlier: message, later, laterReceipt, receipt });
    }
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
    const nothing = { send: null, attempts: [], acks: [], unanswered: [] };
    const entry: Entry = { id, sender, number, ...nothing, receipts: new Map<string, EventOf<'receive'>>() };
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

function isBehind(by: Inversion['by'], message: Message, receipt: EventOf<'receive'>, front: Front): boolean {
  if (by === 'number') return message.number < front.message.number;
  return isBefore(receipt.position, front.receipt.position) === true;
}
