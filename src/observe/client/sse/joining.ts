import type { Strand } from '../http/strands.js';
import type { Attempt } from '../port.js';
import { Entering } from '../shared/entering.js';
import type { Memory } from './memory.js';

/** How one connection enters its rooms: what it asked for when it opened its streams, and what was confirmed. */
export class Joining extends Entering {
  constructor(
    private readonly attempt: Pick<Attempt, 'seat' | 'observe'>,
    private readonly memory: Memory,
    private readonly terms: { readonly resumes: boolean; readonly confirmed: boolean },
  ) {
    super(attempt.seat.rooms);
  }

  /** A stream is open. It was asked for with the last event id that is remembered. */
  opened({ rooms, address }: Strand): void {
    const { observe } = this.attempt;
    for (const room of rooms) {
      const cursor = this.terms.resumes ? this.memory.cursorOf(room, address) : undefined;
      if (cursor !== undefined) this.resuming = true;
      observe({ kind: 'join', room, ...(cursor === undefined ? {} : { cursor }) });
      if (!this.terms.confirmed) this.enter(room);
    }
  }

  protected override entered(room: string, head?: string | number): void {
    this.attempt.observe({ kind: 'joined', room, ...(head === undefined ? {} : { head: String(head) }) });
  }
}
