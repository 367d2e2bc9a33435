/** A signal, and how many calls wait under it. */
interface Watched {
  readonly signal: AbortSignal;
  waiting: number;
}

/**
 * Listens to the signals of calls: once to each, however many calls it came with. To listen anew for each message costs as much
 * as reading it. A signal that no call waits for any more is listened to until another one comes: the next call may well have it.
 *
 * What waits for messages stands in lists, here and beside it, though they are searched from the front. A `Map` that something is put
 * into and taken out of at each message makes itself a new table every few messages, and V8 links the old ones to it: they
 * outlive the messages that they held, and collecting them took a sixth of the time of a client that posts.
 */
export class CallingOff {
  readonly #watched: Watched[] = [];

  /** `calledOff` is told a signal that aborts. */
  constructor(private readonly calledOff: (signal: AbortSignal) => void) {}

  /** A call begins to wait. */
  begin(signal: AbortSignal): void {
    const known = this.#watched.find((one) => one.signal === signal);
    if (known) {
      known.waiting++;
      return;
    }
    this.#forgetIdle();
    signal.addEventListener('abort', this);
    this.#watched.push({ signal, waiting: 1 });
  }

  /** It waits no longer. */
  end(signal: AbortSignal): void {
    const known = this.#watched.find((one) => one.signal === signal);
    if (known) known.waiting--;
  }

  /** Listens to nothing more. */
  stop(): void {
    for (const { signal } of this.#watched) signal.removeEventListener('abort', this);
    this.#watched.length = 0;
  }

  handleEvent({ target }: { readonly target: EventTarget | null }): void {
    this.calledOff(target as AbortSignal);
  }

  #forgetIdle(): void {
    for (let at = this.#watched.length - 1; at >= 0; at--) {
      const { signal, waiting } = this.#watched[at] ?? {};
      if (waiting !== 0) continue;
      signal?.removeEventListener('abort', this);
      this.#watched.splice(at, 1);
    }
  }
}
