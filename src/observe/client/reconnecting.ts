import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, defaultBackoff } from '../../base/backoff.js';
import { inWords } from '../../base/duration.js';
import { messageOf, OutlastError } from '../../base/errors.js';
import { eitherOf } from '../../system/signals.js';
import type { Seen } from '../../history/events.js';
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
  type SendCall,
} from './port.js';
import { connectDoor } from './door.js';
import { intrude } from './intrusion.js';
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
    dials: connector.dials,
    reconnects: 'itself',
    offlineSend: 'refused',
    resends: 'workload',
    lacks: connector.lacks,
    open: (seat, observe) => new ReconnectingClient(connector, seat, observe, options),
    ...(connector.admission === 'unseen'
      ? {}
      : { door: (seat, probe) => connectDoor(connector, { seat, probe }) }),
    ...(connector.admission === 'join' && connector.lacks.resume === undefined
      ? { intrude: (seat, intrusion, call) => intrude(connector, seat, intrusion, call) }
      : {}),
  };
}

/** From a loss, or the first `connect`, until there is a connection. An idle session holds none. */
interface Trying {
  readonly stop: AbortController;
  /** Resolves when there is a connection; rejects when there will be none. */
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

  async connect(call: Call): Promise<void> {
    // All sessions of a run are connected under one signal.
    const signal = eitherOf([call.signal]);
    signal.throwIfAborted();
    if (this.#disposal)
      throw new OutlastError('INTERNAL', 'expected a client that is open, got a disposed one');
    if (this.#connection) return;
    const { done, stop } = this.#trying ?? this.#begin(null);
    const abort = () => stop.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await done;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  send(message: Outgoing, call: SendCall): Promise<Answer> {
    if (!this.#connection) return Promise.resolve({ answer: 'unoffered', reason: 'not connected' });
    const conn = this.connector.pipelines ? this.#attempts : undefined;
    return this.#connection.send(message, { signal: call.signal, written: () => call.written(conn) });
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
    await connection?.[Symbol.asyncDispose]();
    await trying?.done.catch(() => undefined);
  }

  /** `setback`: what went before; null at first. */
  #begin(setback: Setback | null): Trying {
    const stop = new AbortController();
    this.#aloneSince = performance.now();
    const done = this.#tryUntilConnected(setback, stop.signal).finally(() => (this.#trying = null));
    // Who waits for it is told; after a loss, nobody does.
    done.catch(() => undefined);
    return (this.#trying = { stop, done });
  }

  async #tryUntilConnected(before: Setback | null, signal: AbortSignal): Promise<void> {
    let setback = before;
    for (;;) {
      if (setback) await this.#pause(this.#retry.after(setback), signal);
      setback = await this.#attempt(signal);
      signal.throwIfAborted();
      if (setback === null) return;
      this.#giveUpWhenOverdue();
    }
  }

  /** Null: there is a connection. */
  async #attempt(signal: AbortSignal): Promise<Setback | null> {
    const credentials = await this.#credentials(signal);
    if (credentials === null) return {};
    const attempt = this.#tell(credentials);
    const { seat } = this;
    try {
      const about = { signal, seat, credentials, cursors: this.#cursors, observe: attempt.observe };
      const connection = await this.connector.dial(about);
      if (signal.aborted) await connection[Symbol.asyncDispose]();
      else this.#hold(connection, attempt);
      return null;
    } catch (error) {
      signal.throwIfAborted();
      return this.#refused(error, attempt);
    }
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
        // Nearly all are: for events that are all alike, the copy costs next to nothing.
        if (seen.kind === 'receive') return this.#observe({ ...seen, conn });
        if (seen.kind === 'open') attempt.isOpen = true;
        this.#observe({ ...seen, conn });
      },
    };
    attempt.observe({ kind: 'connect', door: this.connector.name, token: credentials.label });
    return attempt;
  }

  #hold(connection: Connection, attempt: Try): void {
    const since = performance.now();
    this.#connection = connection;
    attempt.observe({ kind: 'ready', claims: connection.claims });
    void connection.closed.then((closed) => this.#lost(closed, connection, attempt, since));
  }

  async #lost(
    closed: Closed,
    connection: Connection,
    { observe, credentials }: Try,
    since: number,
  ): Promise<void> {
    this.#connection = null;
    observe({ kind: 'close', ...told(closed) });
    await connection[Symbol.asyncDispose]();
    if (performance.now() - since >= lastingMs) this.#retry.reset();
    const { unauthorized = false, retryAfterMs } = closed;
    if (unauthorized) this.seat.rejected(credentials);
    if (this.#disposal) return;
    this.#begin({ unauthorized, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }

  #refused(error: unknown, { observe, credentials, isOpen }: Try): Setback {
    const failed = error instanceof DialFailed ? error : new DialFailed('dial', messageOf(error));
    const { at, reason, more } = failed;
    const { status, instance, unauthorized = false, retryAfterMs, closed = { by: 'unknown' } } = more;
    const answer = {
      ...(status === undefined ? {} : { status }),
      ...(instance === undefined ? {} : { instance }),
    };
    observe({ kind: 'refused', at, reason, ...answer });
    if (isOpen) observe({ kind: 'close', ...told(closed) });
    if (unauthorized) this.seat.rejected(credentials);
    return { unauthorized, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
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
    await sleep(wait.ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** What a history says of an end. */
const told = ({ by, code, reason }: Closed) => ({
  by,
  ...(code === undefined ? {} : { code }),
  ...(reason === undefined ? {} : { reason }),
});
