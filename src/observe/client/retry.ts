import { type Backoff, waitBefore } from '../../base/backoff.js';

/** What went before the next attempt. */
export interface Setback {
  /** The target refused the token: the next attempt carries another. */
  readonly unauthorized?: boolean;
  /** The target said when to come again. */
  readonly retryAfterMs?: number;
}

export interface Wait {
  readonly ms: number;
  readonly why: 'backoff' | 'retry-after';
}

/** The longest wait that a timer can hold. */
const longestMs = 2 ** 31 - 1;

/**
 * When a session tries again. Every attempt is jittered, the first one after a loss too: all sessions lose their
 * connection in one moment and must not come back in one. A refused token is replaced and tried again at once, but only
 * once: a target that refuses every token is not hammered.
 */
export class Retry {
  #setbacks = 0;
  #atOnce = true;

  constructor(
    private readonly backoff: Backoff,
    private readonly random: () => number,
  ) {}

  /** The session was connected for good: what comes next is a new loss. */
  reset(): void {
    this.#setbacks = 0;
    this.#atOnce = true;
  }

  /** Null: at once. */
  after({ unauthorized = false, retryAfterMs }: Setback): Wait | null {
    if (unauthorized && retryAfterMs === undefined && this.#atOnce) {
      this.#atOnce = false;
      return null;
    }
    const jitter = waitBefore(this.#setbacks++, this.backoff, this.random);
    if (retryAfterMs === undefined) return { ms: jitter, why: 'backoff' };
    // Not before the time that was told, and not all in the moment after it.
    return { ms: Math.min(retryAfterMs + jitter, longestMs), why: 'retry-after' };
  }
}
