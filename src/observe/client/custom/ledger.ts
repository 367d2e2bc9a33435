import type { MessageId } from '../../../history/events.js';

/** How often each message of a session was offered, and answered: an answer too many is the client's fault. */
export class Ledger {
  readonly #open = new Map<MessageId, number>();

  offered(message: MessageId): void {
    this.#open.set(message, (this.#open.get(message) ?? 0) + 1);
  }

  answered(message: MessageId): 'as-owed' | 'once-too-often' | 'never-sent' {
    const open = this.#open.get(message);
    if (open === undefined) return 'never-sent';
    if (open === 0) return 'once-too-often';
    this.#open.set(message, open - 1);
    return 'as-owed';
  }
}
