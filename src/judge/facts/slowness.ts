import type { Event, MessageId } from '../../history/events.js';

/** So many answers say enough of a service; a long run has many more. */
const most = 10_000;
/** A send is served when it is answered within this many ms of when it was due; later, a user has noticed. Source: semantics, "Time". */
export const servedWithinMs = 1_000;

/** How fast messages were acknowledged before anything was done to the target. */
export class Slowness {
  readonly #sentAt = new Map<MessageId, number>();
  readonly #waits: number[] = [];
  #isOver = false;

  see(event: Event): void {
    if (this.#isOver || this.#waits.length >= most) return;
    if (event.kind === 'disruption') this.#end(event.t);
    else if (event.kind === 'send') this.#sentAt.set(event.message, event.t);
    else if (event.kind === 'ack') this.#answered(event.message, event.t);
  }

  /** The median wait for an acknowledgement, in ms, where it was so long that a user noticed; null: it was not. */
  get slowMs(): number | null {
    const sorted = [...this.#waits].sort((one, other) => one - other);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    return median > servedWithinMs ? median : null;
  }

  #answered(message: MessageId, t: number): void {
    const sentAt = this.#sentAt.get(message);
    if (sentAt !== undefined) this.#waits.push(t - sentAt);
    this.#sentAt.delete(message);
  }

  /** What was not answered by then has waited for so long at least. */
  #end(t: number): void {
    this.#isOver = true;
    for (const sentAt of this.#sentAt.values()) if (t - sentAt > servedWithinMs) this.#waits.push(t - sentAt);
    this.#sentAt.clear();
  }
}
