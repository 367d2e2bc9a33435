import type { Observe, Seat } from '../port.js';
import { moveOn } from '../shared/cursors.js';
import type { Answered } from './line.js';
import type { Mapping } from './mapping.js';
import type { Emission } from './options.js';

export interface EnteringOptions {
  /** The server restored the connection: its rooms, and what was missed. */
  readonly recovered: boolean;
  readonly mapping: Mapping;
  readonly seat: Seat;
  /** By room, the last position that was read. */
  readonly cursors: Map<string, string>;
  /** Cursors are sent. */
  readonly resumes: boolean;
  /** The server confirms each room. */
  readonly confirms: boolean;
  /** The cursor that `auth` sent. */
  readonly after: string | null;
  readonly emit: (emission: Emission, answered?: Answered) => void;
  readonly observe: Observe;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** How one connection enters its rooms. A connection that the server restored is in them, and asks for none. */
export class Entering {
  readonly #options: EnteringOptions;
  readonly #waiting: Set<string>;
  #resuming = false;
  #stated: 'resumed' | 'fresh' | undefined;

  constructor(options: EnteringOptions) {
    this.#options = options;
    this.#waiting = new Set(options.seat.rooms);
  }

  /** Asks for every room at once. */
  begin(): void {
    try {
      for (const room of this.#options.seat.rooms) this.#ask(room);
    } catch (error) {
      return this.#options.failed(error);
    }
    if (this.#waiting.size === 0) this.#options.done();
  }

  /** `recovered` says it; else what the rooms said; where a cursor was sent and nobody said a word, it is unstated. */
  get claims(): 'resumed' | 'fresh' | 'unstated' {
    if (this.#options.recovered) return 'resumed';
    return this.#resuming ? (this.#stated ?? 'unstated') : 'fresh';
  }

  /** For messages: the rooms that are still to be confirmed. */
  toString(): string {
    return [...this.#waiting].join(', ');
  }

  #ask(room: string): void {
    const { mapping, cursors, seat, observe, confirms, recovered, emit, after, resumes } = this.#options;
    const own = resumes ? (cursors.get(room) ?? null) : null;
    const emission = recovered ? null : mapping.join({ room, after: own, user: seat.user });
    const sent = emission ? own : after;
    observe({ kind: 'join', room, ...(sent === null || recovered ? {} : { cursor: sent }) });
    if (sent !== null) this.#resuming = true;
    if (!emission) return this.#enter(room);
    if (confirms) return emit(emission, (error, answer) => this.#answered(room, error, answer));
    emit(emission);
    this.#enter(room);
  }

  #answered(room: string, error: Error | null, answer: readonly unknown[]): void {
    const { mapping, failed, done } = this.#options;
    if (error) return failed(error);
    try {
      const entered = mapping.joined(answer);
      if (!entered || !this.#waiting.has(room)) return;
      const { resumed, head } = entered;
      if (resumed !== undefined) this.#stated = resumed && this.#stated !== 'fresh' ? 'resumed' : 'fresh';
      this.#enter(room, head);
    } catch (error) {
      return failed(error);
    }
    if (this.#waiting.size === 0) done();
  }

  #enter(room: string, head?: string | number): void {
    const { cursors, observe } = this.#options;
    this.#waiting.delete(room);
    observe({ kind: 'joined', room, ...(head === undefined ? {} : { head: String(head) }) });
    // Who has read nothing yet has read up to here: what comes next must not be missed by an early cut.
    if (head !== undefined && !cursors.has(room)) moveOn(cursors, room, String(head));
  }
}
