import type { MessageId } from '../../history/events.js';
import type { Archive, Told } from './archive.js';
import type { Message } from './message.js';

/** A message of the ledger. What is told of it is held as it came, or packed: who asks does not see which. */
export class Entry implements Message {
  /** By which those who point at it name it; null: nobody does. */
  noted: number | null = null;
  /** Packed: its address. */
  #told: Told | number;

  /**
   * `isSure`: surely of this run, under the one id that names it, and not remembered by its number when it was first heard of: then
   * it is not until it leaves the ledger.
   */
  constructor(
    readonly id: MessageId,
    told: Told,
    readonly isSure: boolean,
    private readonly archive: Archive,
  ) {
    this.#told = told;
  }

  get sender(): Message['sender'] {
    return this.#its().sender;
  }

  get number(): Message['number'] {
    return this.#its().number;
  }

  get send(): Message['send'] {
    return this.#its().send;
  }

  get attempts(): Message['attempts'] {
    return this.#its().attempts;
  }

  get acks(): Message['acks'] {
    return this.#its().acks;
  }

  get unanswered(): Message['unanswered'] {
    return this.#its().unanswered;
  }

  get receipts(): Told['receipts'] {
    return this.#its().receipts;
  }

  get isPacked(): boolean {
    return typeof this.#told === 'number';
  }

  pack(): void {
    if (typeof this.#told !== 'number') this.#told = this.archive.add(this.id, this.#told);
  }

  /** To be changed. */
  open(): Told {
    if (typeof this.#told !== 'number') return this.#told;
    const { sender, number, send, attempts, acks, unanswered, receipts } = this.#its();
    return (this.#told = { sender, number, send, attempts, acks, unanswered, receipts });
  }

  #its(): Told {
    return typeof this.#told === 'number' ? this.archive.at(this.id, this.#told) : this.#told;
  }
}
