import type { Joined } from './messages.js';

/** The rooms that one connection asked for: which are still to be confirmed, and what was said of the resumption. */
export abstract class Entering {
  readonly #waiting: Set<string>;
  #claims: 'resumed' | 'fresh' | undefined;
  /** Something was asked for that was missed. */
  protected resuming = false;

  constructor(rooms: readonly string[]) {
    this.#waiting = new Set(rooms);
  }

  /** A room was confirmed. One that was not asked for, or is confirmed again, changes nothing. */
  confirm({ room, head, resumed }: Exclude<Joined, { refused: string }>): void {
    if (!this.#waiting.has(room)) return;
    if (resumed !== undefined) this.#claims = resumed && this.#claims !== 'fresh' ? 'resumed' : 'fresh';
    this.enter(room, head);
  }

  get isDone(): boolean {
    return this.#waiting.size === 0;
  }

  /** What the target said of the resumption. Where nothing was to be resumed, the session is a fresh one. */
  get claims(): 'resumed' | 'fresh' | 'unstated' {
    if (!this.resuming) return 'fresh';
    return this.#claims ?? 'unstated';
  }

  /** For messages: the rooms that are still to be confirmed. */
  toString(): string {
    return [...this.#waiting].join(', ');
  }

  /** The session is in this room from now on. */
  protected enter(room: string, head?: string | number): void {
    this.#waiting.delete(room);
    this.entered(room, head);
  }

  /** Tells it. */
  protected abstract entered(room: string, head?: string | number): void;
}
