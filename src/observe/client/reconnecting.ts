import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, defaultBackoff } from '../../base/backoff.js';
import { inWords } from '../../base/duration.js';
import { messageOf, OutlastError } from '../../base/errors.js';
import type { Seen } from '../../history/events.js';
import { type Deferred, deferred } from './deferred.js';
import {
  type Answer,
  type Call,
  type Client,
  type ClientKind,
  type Closed,
  type Connection,
  type Connector,
  type Credentials,
  DialFailed,
  type Observe,
  type Outgoing,
  type Seat,
} from './port.js';
import { Retry, type Setback, type Wait } from './retry.js';

export interface ReconnectingOptions {
  /** First ceiling 100 ms, doubled up to 2 s, unless told: our own waiting must not hide how fast the target is back. */
  readonly backoff?: Backoff;
  /** After so long without a connection a session stops trying. Never unless told. */
  readonly giveUpAfterMs?: number;
}

/** A connection that did not last so long is as good as none: the back-off goes on where it was. */
const lastingMs = 1_000;

/**
 * Makes a client of a plain connection. It comes back after every close code, also after those that say "do not": 1000,
 * 1008 and the 4400s too. A user's client that stops would hide what the target does next; which code came is
 * written down and judged there. A code (or status) that refuses the token makes it ask for another one.
 */
export function reconnecting(connector: Connector, options: ReconnectingOptions = {}): ClientKind {
  return {
    name: connector.name,
    reconnects: 'itself',
    offlineSend: 'refused',
    lacks: connector.lacks,
    open: (seat, observe) => new ReconnectingClient(connector, seat, observe, options),
  };
}

/** From `connect` to the end of all trying. */
interface Trying {
  readonly stop: AbortController;
  readonly ready: Deferred<undefined>;
  readonly done: Promise<void>;
}

/** One attempt, as its events see it. */
interface Try {
  readonly credentials: Credentials;
  readonly observe: Observe;
  isOpen: boolean;
}

class ReconnectingClient implements Client {
  readonly #retry: Retry;
  readonly #cursors = new Map<string, string>();
  #observe: Observe;
  #attempts = 0;
  #connection: Connection | null = null;
  #trying: Trying | null = null;
  #disposal: Promise<void> | null = null;
  /** When the last connection was lost, or the first one asked for. */
  #aloneSince = 0;

  constructor(
    private readonly connector: Connector,
    private readonly seat: Seat,
    observe: Observe,
    private readonly options: ReconnectingOptions,
  ) {
    this.#observe = observe;
    this.#retry = new Retry(options.backoff ?? defaultBackoff, seat.random);
  }

  get connected(): boolean {
    return this.#connection !== null && this.#disposal === null;
  }

  async connect({ signal }: Call): Promise<void> {
    signal.throwIfAborted();
    if (this.#disposal)
      throw new OutlastError('INTERNAL', 'expected a client that is open, got a disposed one');
    const { ready, stop } = (this.#trying ??= this.#begin());
    const abort = () => stop.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await ready.promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  send(message: Outgoing, call: Call & { readonly written: () => void }): Promise<Answer> {
    if (this.#connection) return this.#connection.send(message, call);
    return Promise.resolve({ answer: 'unoffered', reason: 'not connected' });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#disposal ??= this.#dispose());
  }

  async #dispose(): Promise<void> {
    const connection = this.#connection;
    const trying = this.#trying;
    if (connection) this.#observe({ kind: 'close', by: 'session', code: 1000, conn: this.#attempts });
    this.#observe = () => undefined;
    trying?.stop.abort();
    await (connection ? connection[Symbol.asyncDispose]() : trying?.done);
  }

  #begin(): Trying {
    const stop = new AbortController();
    const ready = deferred<undefined>();
    this.#aloneSince = performance.now();
    const done = this.#keepConnected(stop.signal, ready).finally(() => (this.#trying = null));
    return { stop, ready, done };
  }

  /** Never rejects: why it ended is told to whoever waits for `ready`. */
  async #keepConnected(signal: AbortSignal, ready: Deferred<undefined>): Promise<void> {
    try {
      for (;;) {
        const setback = await this.#attempt(signal, ready);
        this.#giveUpWhenOverdue();
        await this.#pause(this.#retry.after(setback), signal);
      }
    } catch (error) {
      ready.reject(signal.aborted ? signal.reason : error);
    }
  }

  async #attempt(signal: AbortSignal, ready: Deferred<undefined>): Promise<Setback> {
    const credentials = await this.#credentials(signal);
    if (credentials === null) return {};
    const attempt = this.#tell(credentials);
    const { seat } = this;
    let connection: Connection;
    try {
      const about = { signal, seat, credentials, cursors: this.#cursors, observe: attempt.observe };
      connection = await this.connector.dial(about);
    } catch (error) {
      signal.throwIfAborted();
      return this.#refused(error, attempt);
    }
    if (!signal.aborted) return this.#live(connection, attempt, ready);
    await connection[Symbol.asyncDispose]();
    throw signal.reason;
  }

  async #credentials(signal: AbortSignal): Promise<Credentials | null> {
    try {
      return await this.seat.credentials({ signal });
    } catch (error) {
      signal.throwIfAborted();
      this.#observe({ kind: 'refused', at: 'sign-in', reason: messageOf(error) });
      return null;
    }
  }

  #tell(credentials: Credentials): Try {
    const conn = ++this.#attempts;
    const attempt: Try = {
      credentials,
      isOpen: false,
      observe: (seen: Seen) => {
        if (seen.kind === 'open') attempt.isOpen = true;
        this.#observe({ ...seen, conn });
      },
    };
    attempt.observe({ kind: 'connect', door: this.connector.name, token: credentials.label });
    return attempt;
  }

  #refused(error: unknown, { observe, credentials, isOpen }: Try): Setback {
    const failed = error instanceof DialFailed ? error : new DialFailed('dial', messageOf(error));
    const { at, reason, more } = failed;
    const { status, unauthorized = false, retryAfterMs, closed = { by: 'unknown' } } = more;
    observe({ kind: 'refused', at, reason, ...(status === undefined ? {} : { status }) });
    if (isOpen) observe({ kind: 'close', ...told(closed) });
    if (unauthorized) this.seat.rejected(credentials);
    return { unauthorized, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }

  async #live(
    connection: Connection,
    { observe, credentials }: Try,
    ready: Deferred<undefined>,
  ): Promise<Setback> {
    const since = performance.now();
    this.#connection = connection;
    observe({ kind: 'ready', claims: connection.claims });
    ready.resolve(undefined);
    const closed = await connection.closed;
    this.#connection = null;
    this.#aloneSince = performance.now();
    observe({ kind: 'close', ...told(closed) });
    await connection[Symbol.asyncDispose]();
    if (this.#aloneSince - since >= lastingMs) this.#retry.reset();
    const { unauthorized = false } = closed;
    if (unauthorized) this.seat.rejected(credentials);
    return { unauthorized };
  }

  #giveUpWhenOverdue(): void {
    const { giveUpAfterMs = Infinity } = this.options;
    if (performance.now() - this.#aloneSince < giveUpAfterMs) return;
    const patience = inWords(giveUpAfterMs);
    throw new OutlastError(
      'TARGET_GONE',
      `expected session ${this.seat.session} to be connected within ${patience}; it was not, after ${this.#attempts} attempts`,
    );
  }

  async #pause(wait: Wait | null, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (wait === null) return;
    this.#observe({ kind: 'wait', ...wait });
    await sleep(wait.ms, undefined, { signal });
  }
}

/** What a history says of an end. */
const told = ({ by, code, reason }: Closed) => ({
  by,
  ...(code === undefined ? {} : { code }),
  ...(reason === undefined ? {} : { reason }),
});
