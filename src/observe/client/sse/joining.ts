import type { Strand } from '../http/strands.js';
import type { Attempt } from '../port.js';
import type { Joined } from '../shared/messages.js';
import type { Memory } from './memory.js';

/** How one connection enters its rooms: what it asked for when it opened its streams, and what was confirmed. */
export class Joining {
  readonly #waiting: Set<string>;
  #resuming = false;
  #claims: 'resumed' | 'fresh' | undefined;

  constructor(
    private readonly attempt: Pick<Attempt, 'seat' | 'observe'>,
    private readonly memory: Memory,
    private readonly terms: { readonly resumes: boolean; readonly confirmed: boolean },
  ) {
    this.#waiting = new Set(attempt.seat.rooms);
  }

  /** A stream is open. It was asked for with the last event id that is remembered. */
  opened({ rooms, address }: Strand): void {
    const { observe } = this.attempt;
    for (const room of rooms) {
      const cursor = this.terms.resumes ? this.memory.cursorOf(room, address) : undefined;
      if (cursor !== undefined) this.#resuming = true;
      observe({ kind: 'join', room, ...(cursor === undefined ? {} : { cursor }) });
      if (!this.terms.confirmed) this.#enter(room);
    }
  }

  /** A room was confirmed. One that was not asked for, or is confirmed again, changes nothing. */
  confirm({ room, head, resumed }: Exclude<Joined, { refused: string }>): void {
    if (!this.#waiting.has(room)) return;
    if (resumed !== undefined) this.#claims = resumed && this.#claims !== 'fresh' ? 'resumed' : 'fresh';
    this.#enter(room, head);
  }

  get isDone(): boolean {
    return this.#waiting.size === 0;
  }

  /** What the target said of the resumption. Where nothing was to be resumed, the session is a fresh one. */
  get claims(): 'resumed' | 'fresh' | 'unstated' {
    if (!this.#resuming) return 'fresh';
    return this.#claims ?? 'unstated';
  }

  /** For messages: the rooms that are still to be confirmed. */
  toString(): string {
    return [...this.#waiting].join(', ');
  }

  #enter(room: string, head?: string | number): void {
    this.#waiting.delete(room);
    this.attempt.observe({ kind: 'joined', room, ...(head === undefined ? {} : { head: String(head) }) });
  }
}
