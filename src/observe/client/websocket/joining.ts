import type { Attempt } from '../port.js';
import { moveOn } from '../shared/cursors.js';
import type { Joined } from '../shared/messages.js';
import { forTheWire } from './encoding.js';
import type { Encoding, Sendable } from './options.js';
import type { Protocol } from './protocol.js';

/** How one connection enters its rooms. */
export class Joining {
  readonly #waiting: Set<string>;
  readonly #resuming: boolean;
  #claims: 'resumed' | 'fresh' | undefined;

  constructor(
    private readonly protocol: Protocol,
    private readonly attempt: Attempt,
    private readonly encoding?: Encoding,
  ) {
    const { seat, cursors } = attempt;
    this.#waiting = new Set(seat.rooms);
    this.#resuming = protocol.resumes && seat.rooms.some((room) => cursors.has(room));
  }

  /** Asks for every room at once. What `send` is given is a frame, as it travels. Throws `MappingFailure`. */
  begin(send: (frame: Sendable) => void): void {
    const { join, joined } = this.protocol.frames;
    for (const room of this.attempt.seat.rooms) {
      const cursor = this.protocol.resumes ? this.attempt.cursors.get(room) : undefined;
      this.attempt.observe({ kind: 'join', room, ...(cursor === undefined ? {} : { cursor }) });
      const entry = { room, after: cursor ?? null };
      if (join) send(forTheWire(this.encoding, 'join', () => join(entry), entry));
      if (!join || !joined) this.#enter(room);
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
    const { cursors, observe } = this.attempt;
    this.#waiting.delete(room);
    observe({ kind: 'joined', room, ...(head === undefined ? {} : { head: String(head) }) });
    // Who has read nothing yet has read up to here: what comes next must not be missed by an early cut.
    if (head !== undefined && !cursors.has(room)) moveOn(cursors, room, String(head));
  }
}
