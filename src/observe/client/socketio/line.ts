import { setTimeout as sleep } from 'node:timers/promises';
import type { Manager, ManagerOptions, Socket } from 'socket.io-client';
import { messageOf } from '../../../base/errors.js';
import { eitherOf } from '../../../system/signals.js';
import { type Call, type Closed, DialFailed, type Seat } from '../port.js';
import { closedBy, fieldsOf, unreached } from './endings.js';
import {
  libraryReconnection,
  libraryTimeoutMs,
  type Emission,
  type Refusal,
  type SocketIoOptions,
} from './options.js';
import { Wires } from './wires.js';

/** What is used of the package `socket.io-client`. */
export interface Library {
  readonly Manager: typeof Manager;
}

/** What a line tells. `comesBack`: the library tries again by itself. */
export interface LineEvents {
  /** The library is to come back by itself. */
  readonly reconnects: boolean;
  /** The library begins another attempt. */
  tries(): void;
  /** The transport is open; the namespace is asked for next. */
  opened(): void;
  /** What the server is to read from `socket.handshake.auth`. Where it rejects, nothing is said. */
  auth(): Promise<object>;
  entered(recovered: boolean): void;
  failed(failure: DialFailed, comesBack: boolean): void;
  lost(closed: Closed, comesBack: boolean): void;
  heard(event: string, parameters: readonly unknown[]): void;
  leaves(packet: readonly unknown[]): void;
  isOfToken(refusal: Refusal): boolean;
}

export type Answered = (error: Error | null, answer: readonly unknown[]) => void;

/** How long our goodbye may take, in ms. */
const goodbyeMs = 500;

/** How long the library may take to change its transport, in ms; a server that offers none other never makes it. */
const changeMs = 1_000;

/** One socket of the library, for the whole life of a session: what the library keeps of it, it keeps across connections. */
export class Line {
  readonly #socket: Socket;
  readonly #manager: Manager;
  readonly #wires: Wires;
  readonly #events: LineEvents;
  readonly #timesOut: boolean;
  readonly #mayChange: boolean;
  /** The transport is open, and the namespace has not answered yet. */
  #isEntering = false;
  #isHangingUp = false;

  constructor(library: Library, options: SocketIoOptions, seat: Seat, events: LineEvents) {
    const through = seat.resolve(options.url);
    const origin = seat.origin?.(options.url) ?? through;
    this.#events = events;
    this.#timesOut = options.ackTimeoutMs !== undefined;
    this.#mayChange = options.transports?.includes('websocket') ?? true;
    this.#wires = new Wires(origin, through);
    this.#manager = new library.Manager(origin.href, {
      ...managed(options),
      reconnection: events.reconnects,
      // The library's own type is that of browsers, which have no agents.
      agent: this.#wires.agent as unknown as boolean,
    });
    this.#socket = this.#manager.socket(options.namespace ?? '/', {
      auth: (give) => void events.auth().then(give, () => undefined),
      ...(options.retries === undefined ? {} : { retries: options.retries }),
      ...(options.ackTimeoutMs === undefined ? {} : { ackTimeout: options.ackTimeoutMs }),
    });
    this.#listen();
  }

  /** Begins an attempt; whatever comes of it is told. */
  open(): void {
    this.#socket.connect();
  }

  /** `answered`: what the server answered, or an error where the library gave up waiting. */
  emit([event, ...parameters]: Emission, answered?: Answered): void {
    if (!answered) this.#socket.emit(event, ...parameters);
    // With a time-out, the library's own callback begins with an error, or null.
    else if (this.#timesOut)
      this.#socket.emit(event, ...parameters, (error: Error | null, ...answer: unknown[]) => {
        answered(error, answer);
      });
    else this.#socket.emit(event, ...parameters, (...answer: unknown[]) => answered(null, answer));
  }

  /** Ends the connection, or the attempt, without telling it; the library does not come back by itself. */
  hangUp(): void {
    this.#isHangingUp = true;
    this.#isEntering = false;
    this.#socket.disconnect();
    this.#isHangingUp = false;
  }

  /**
   * Resolves when the library has gone from polling to a better transport, or has given it up. It may take a connection that is
   * lost in the middle of it for alive until a ping is missed, 45 s later.
   */
  async settled({ signal }: Call): Promise<void> {
    const { engine } = this.#manager;
    if (engine.transport.name !== 'polling' || !this.#mayChange) return;
    const over = new AbortController();
    const end = () => over.abort();
    const ends = ['upgrade', 'upgradeError', 'close'] as const;
    for (const event of ends) engine.once(event, end);
    await sleep(changeMs, undefined, { signal: eitherOf([signal, over.signal]) }).catch(() => undefined);
    for (const event of ends) engine.off(event, end);
  }

  /** Says goodbye, tells nothing more, and resolves when no connection is left. */
  async close(): Promise<void> {
    this.hangUp();
    this.#socket.offAny();
    this.#socket.offAnyOutgoing();
    this.#socket.removeAllListeners();
    this.#manager.removeAllListeners();
    await this.#wires.closed(goodbyeMs);
  }

  #listen(): void {
    this.#manager.on('reconnect_attempt', () => this.#events.tries());
    this.#manager.on('open', () => {
      this.#isEntering = true;
      this.#events.opened();
    });
    this.#socket.on('connect', () => {
      this.#isEntering = false;
      this.#events.entered(this.#socket.recovered);
    });
    this.#socket.on('connect_error', (error) => this.#failed(error));
    this.#socket.on('disconnect', (reason, details) => this.#ended(closedBy(reason, details)));
    this.#socket.onAny((event: string, ...parameters: unknown[]) => this.#heard(event, parameters));
    this.#socket.onAnyOutgoing((...packet: unknown[]) => this.#events.leaves(packet));
  }

  /** An error of the transport after it was open is followed by its end, which says more. */
  #failed(error: Error): void {
    const wasEntering = this.#isEntering;
    if (wasEntering && this.#socket.active) return;
    this.#isEntering = false;
    const failure = wasEntering ? this.#refusal(error) : unreached(error);
    this.#events.failed(failure, this.#socket.active);
  }

  /** The server would not have us in the namespace: the library has hung up, and does not try again. */
  #refusal(error: Error): DialFailed {
    const { data } = error as Error & { readonly data?: unknown };
    const refusal = { message: messageOf(error), data };
    const { status, statusCode } = fieldsOf(data);
    const unauthorized = this.#events.isOfToken(refusal);
    // Where the server gives no status, 401 is what its words amount to.
    const given = [status, statusCode].find((one) => typeof one === 'number');
    const known = given ?? (unauthorized ? 401 : undefined);
    return new DialFailed('sign-in', refusal.message, {
      ...{ unauthorized, closed: { by: 'session' } },
      ...(known === undefined ? {} : { status: known }),
    });
  }

  #ended(closed: Closed): void {
    if (this.#isHangingUp) return;
    const comesBack = this.#socket.active;
    if (!this.#isEntering) return this.#events.lost(closed, comesBack);
    this.#isEntering = false;
    const reason = `the connection ended before the namespace answered: ${closed.reason ?? closed.by}`;
    this.#events.failed(new DialFailed('sign-in', reason, { closed }), comesBack);
  }

  /** A server that wants to know that an event arrived is told so, when it is written down. */
  #heard(event: string, parameters: unknown[]): void {
    const last = parameters.at(-1);
    if (typeof last !== 'function') return this.#events.heard(event, parameters);
    this.#events.heard(event, parameters.slice(0, -1));
    (last as () => void)();
  }
}

function managed(options: SocketIoOptions): Partial<ManagerOptions> {
  const { transports, path = '/socket.io', headers, backoff = libraryReconnection } = options;
  return {
    autoConnect: false,
    ...(transports ? { transports: [...transports] } : {}),
    path,
    ...(headers ? { extraHeaders: { ...headers } } : {}),
    timeout: options.dialTimeoutMs ?? libraryTimeoutMs,
    reconnectionDelay: backoff.firstMs,
    reconnectionDelayMax: backoff.maxMs,
    randomizationFactor: backoff.jitter,
  };
}
