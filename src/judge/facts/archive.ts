import type { EventOf, MessageId } from '../../history/events.js';
import { partsOf } from '../../history/tag.js';
import type { Message } from './message.js';
import type { Packing, Unpacking } from './packing.js';
import { ReceiptList } from './receipts.js';

/** What is told of one message. */
export type Told = {
  -readonly [Key in keyof Omit<Message, 'id'>]: Message[Key];
} & {
  readonly receipts: ReceiptList;
};

/** So many that were looked at last are remembered: what is asked for twice at about the same time is the same event. */
const mostRecent = 256;

/** What is told of messages to which nothing more happens, packed. */
export class Archive {
  readonly #packing: Packing;
  /** A ring: whatever is looked at is written to its next place. (A map would leave tables behind that keep what they held.) */
  readonly #addresses = new Float64Array(mostRecent).fill(-1);
  readonly #recent: Told[] = [];
  #next = 0;
  #last = -1;

  constructor(packing: Packing) {
    this.#packing = packing;
  }

  /** Returns its address. */
  add(id: MessageId, { send, attempts, acks, unanswered, receipts }: Told): number {
    const lists = [send ? [send] : [], attempts, acks, unanswered, [...receipts.values()]];
    return this.#packing.add(id, lists);
  }

  /** Not to be changed. */
  at(id: MessageId, address: number): Told {
    const last = this.#recent[this.#last];
    if (last && this.#addresses[this.#last] === address) return last;
    const known = this.#recent[this.#addresses.indexOf(address)];
    const told = known ?? new Unpacked(id, this.#packing.at(id, address));
    this.#last = this.#next;
    this.#addresses[this.#next] = address;
    this.#recent[this.#next] = told;
    this.#next = (this.#next + 1) % mostRecent;
    return told;
  }
}

class Unpacked implements Told {
  readonly sender: string;
  readonly number: number;
  readonly send: Told['send'];
  readonly attempts: Told['attempts'];
  readonly acks: Told['acks'];
  readonly unanswered: Told['unanswered'];
  readonly #rest: Unpacking;
  #receipts: ReceiptList | null = null;

  constructor(id: MessageId, packed: Unpacking) {
    ({ session: this.sender, number: this.number } = namesIn(id));
    const [send = null] = packed.list<EventOf<'send'>>();
    this.send = send;
    this.attempts = packed.list<EventOf<'written'>>();
    this.acks = packed.list<EventOf<'ack'>>();
    this.unanswered = packed.list<EventOf<'nack' | 'unsure' | 'unoffered'>>();
    this.#rest = packed;
  }

  /** Most of what is packed, and few ask for it. */
  get receipts(): ReceiptList {
    return (this.#receipts ??= new ReceiptList(this.#rest.list<EventOf<'receive'>>()));
  }
}

/** Who sent a message, and as which of its messages. */
export const namesIn = (id: MessageId): { readonly session: string; readonly number: number } =>
  partsOf(id) ?? { session: '', number: 0 };
