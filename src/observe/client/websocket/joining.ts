import type { Attempt } from '../port.js';
import { moveOn } from '../shared/cursors.js';
import { Entering } from '../shared/entering.js';
import { forTheWire } from './encoding.js';
import type { Encoding, Sendable } from './options.js';
import type { Protocol } from './protocol.js';

/** How one connection enters its rooms. */
export class Joining extends Entering {
  constructor(
    private readonly protocol: Protocol,
    private readonly attempt: Attempt,
    private readonly encoding?: Encoding,
  ) {
    const { seat, cursors } = attempt;
    super(seat.rooms);
    this.resuming = protocol.resumes && seat.rooms.some((room) => cursors.has(room));
  }

  /** Asks for every room at once. What `send` is given is a frame, as it travels. Throws `MappingFailure`. */
  begin(send: (frame: Sendable) => void): void {
    const { join, joined } = this.protocol.frames;
    for (const room of this.attempt.seat.rooms) {
      const cursor = this.protocol.resumes ? this.attempt.cursors.get(room) : undefined;
      this.attempt.observe({ kind: 'join', room, ...(cursor === undefined ? {} : { cursor }) });
      const entry = { room, after: cursor ?? null };
      if (join) send(forTheWire(this.encoding, 'join', () => join(entry), entry));
      if (!join || !joined) this.enter(room);
    }
  }

  protected override entered(room: string, head?: string | number): void {
    const { cursors, observe } = this.attempt;
    observe({ kind: 'joined', room, ...(head === undefined ? {} : { head: String(head) }) });
    // Who has read nothing yet has read up to here: what comes next must not be missed by an early cut.
    if (head !== undefined && !cursors.has(room)) moveOn(cursors, room, String(head));
  }
}
