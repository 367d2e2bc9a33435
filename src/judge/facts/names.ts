import type { MessageId } from '../../history/events.js';
import { isCanonical, partsOf } from '../../history/tag.js';

/** What has no number: a name that is absent, a message that is not of this run. */
export const unnumbered = -1;

/** Numbers of messages that are held lie below this; what is left of a safe integer is for their senders. */
const mostNumbers = 2 ** 31;

/** Names and messages of one run as numbers, which weigh a fraction of texts and compare at once. */
export class Names {
  readonly run: string;
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  constructor(run: string) {
    this.run = run;
  }

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }

  /** The same, but no name is taken in beside so many: then it is `unnumbered`. */
  numberWithin(name: string, most: number): number {
    const isFull = this.#names.length >= most;
    return isFull ? (this.#numbers.get(name) ?? unnumbered) : this.numberOf(name);
  }

  nameOf(number: number): string {
    return this.#names[number] ?? '';
  }

  /** A message of this run as one number; `unnumbered` for any other text, and where numbers end. */
  keyOf(message: MessageId): number {
    const parts = partsOf(message);
    // Another text might name the same number (007): it would not come back as it was.
    if (parts?.run !== this.run || !isCanonical(message, parts)) return unnumbered;
    return this.keyOfNumber(parts.session, parts.number);
  }

  /** The same of the message with this number of its sender. */
  keyOfNumber(sender: string, number: number): number {
    const key = this.numberOf(sender) * mostNumbers + number;
    return number < mostNumbers && Number.isSafeInteger(key) ? key : unnumbered;
  }

  messageOf(key: number): MessageId {
    return `${this.run}.${this.nameOf(senderOfKey(key))}.${key % mostNumbers}`;
  }
}

/** The number of its sender's name. */
export const senderOfKey = (key: number): number => Math.floor(key / mostNumbers);
/** The number that a message has among those of its sender. */
export const numberOfKey = (key: number): number => key % mostNumbers;
