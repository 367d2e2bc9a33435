import type { MessageId } from '../../../history/events.js';
import type { Answer } from '../port.js';
import { CallingOff } from './calling-off.js';

/** A message that waits for its answer. */
interface Waiting {
  readonly message: MessageId;
  readonly signal: AbortSignal;
  readonly resolve: (answer: Answer) => void;
}

/** The messages of one connection that wait for their answer. Several attempts of one message are answered in turn. */
export class Outstanding {
  /** In the order in which they were sent, which is that of most answers. Made when it is first needed: most sessions are idle. */
  #waiting: Waiting[] | null = null;
  #calls: CallingOff | null = null;

  add(message: MessageId, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve) => {
      this.#calls ??= new CallingOff((aborted) => this.#callOff(aborted));
      this.#calls.begin(signal);
      (this.#waiting ??= []).push({ message, signal, resolve });
    });
  }

  /** An answer came. One that nobody waits for (any more) is ignored: its message stays unsure. */
  settle(message: MessageId, answer: Answer): void {
    const at = this.#waiting?.findIndex((one) => one.message === message) ?? -1;
    const [first] = at < 0 ? [] : (this.#waiting?.splice(at, 1) ?? []);
    if (!first) return;
    this.#calls?.end(first.signal);
    first.resolve(answer);
  }

  /** No answer will come any more. */
  settleAll(answer: Answer): void {
    const all = this.#waiting ?? [];
    this.#waiting = null;
    this.#calls?.stop();
    this.#calls = null;
    for (const { resolve } of all) resolve(answer);
  }

  #callOff(aborted: AbortSignal): void {
    const all = this.#waiting ?? [];
    this.#waiting = all.filter(({ signal }) => signal !== aborted);
    for (const { signal, resolve } of all) {
      if (signal !== aborted) continue;
      this.#calls?.end(signal);
      resolve({ answer: 'unsure', reason: 'no answer came in time' });
    }
  }
}
