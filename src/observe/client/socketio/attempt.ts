import type { Seen } from '../../../history/events.js';
import type { Credentials, Observe } from '../port.js';

/**
 * One attempt to connect, and the connection that comes of it. Its first event is `connect`, with the label of its token:
 * where the library began the attempt, that token is still to be had, and other events do not wait for it.
 */
export class Attempt {
  /** Rejects where no token is to be had now. */
  readonly credentials: Promise<Credentials>;
  /** The token, as soon as it is there. */
  known: Credentials | null = null;
  /** What `auth` was told of what this session has read. */
  after: string | null = null;
  isOpen = false;
  readonly #observe: Observe;
  readonly #began = performance.now();
  #isTold = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(observe: Observe, credentials: Credentials | Promise<Credentials>) {
    this.#observe = observe;
    this.credentials = Promise.resolve(credentials);
    if (credentials instanceof Promise)
      credentials.then(
        (found) => this.#knows(found),
        () => this.#connects(),
      );
    else this.#knows(credentials);
  }

  /** What of the time is left may be spent until the session is in its rooms. */
  opened(withinMs: number, late: () => void): void {
    this.tell({ kind: 'open' });
    this.isOpen = true;
    this.#timer = setTimeout(late, Math.max(0, this.#began + withinMs - performance.now()));
  }

  asked(after: string | null): void {
    this.after = after;
  }

  entered(): void {
    this.#rest();
  }

  ended(): void {
    this.#rest();
    this.isOpen = false;
  }

  tell(seen: Seen): void {
    this.#connects();
    this.#observe(seen);
  }

  /** A timer that is cleared holds what it would have called. */
  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #knows(found: Credentials): void {
    this.known = found;
    this.#connects();
  }

  #connects(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const token = this.known === null ? {} : { token: this.known.label };
    this.#observe({ kind: 'connect', door: 'socket.io', ...token });
  }
}
