import type { MessageId } from '../../../history/events.js';
import type { Answer } from '../port.js';

/** A message that waits for its answer. It listens to its caller's signal itself, so that a send makes no closures. */
class Waiting {
  constructor(
    private readonly owner: Outstanding,
    readonly message: MessageId,
    private readonly signal: AbortSignal,
    private readonly resolve: (answer: Answer) => void,
  ) {
    signal.addEventListener('abort', this, { once: true });
  }

  handleEvent(): void {
    this.owner.forget(this);
    this.resolve({ answer: 'unsure', reason: 'no answer came in time' });
  }

  settle(answer: Answer): void {
    this.signal.removeEventListener('abort', this);
    this.resolve(answer);
  }
}

/** The messages of one connection that wait for their answer. Several attempts of one message are answered in turn. */
export class Outstanding {
  /** Made when it is first needed: most sessions are idle, and an empty map weighs as much as all else here. */
  #waiting: Map<MessageId, Waiting[]> | null = null;

  add(message: MessageId, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve) => {
      const waiting = new Waiting(this, message, signal, resolve);
      const all = (this.#waiting ??= new Map<MessageId, Waiting[]>());
      const others = all.get(message);
      if (others) others.push(waiting);
      else all.set(message, [waiting]);
    });
  }

  /** An answer came. One that nobody waits for (any more) is ignored: its message stays unsure. */
  settle(message: MessageId, answer: Answer): void {
    const waiting = this.#waiting?.get(message);
    const first = waiting?.shift();
    if (waiting?.length === 0) this.#waiting?.delete(message);
    first?.settle(answer);
  }

  /** No answer will come any more. */
  settleAll(answer: Answer): void {
    const all = [...(this.#waiting?.values() ?? [])].flat();
    this.#waiting = null;
    for (const waiting of all) waiting.settle(answer);
  }

  forget(waiting: Waiting): void {
    const others = this.#waiting?.get(waiting.message)?.filter((other) => other !== waiting) ?? [];
    if (others.length === 0) this.#waiting?.delete(waiting.message);
    else this.#waiting?.set(waiting.message, others);
  }
}
