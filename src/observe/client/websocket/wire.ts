import type { ClientRequest, IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import { messageOf } from '../../../base/errors.js';
import type { Closed } from '../port.js';
import { fromTheWire } from './encoding.js';
import type { Entrance } from './entrance.js';
import type { Encoding, Sendable } from './options.js';
import { retryAfterOf } from '../shared/retry-after.js';

export interface WireLimits {
  readonly maxFrameBytes: number;
  readonly instanceHeader: string;
  readonly encoding: Encoding | undefined;
}

/** What a wire tells. Nothing follows `ended`. */
export interface WireEvents {
  opened(instance: string | undefined): void;
  frame(frame: unknown): void;
  /** A frame came that cannot be read: what it is not. */
  unreadable(kind: string): void;
  ended(end: WireEnd): void;
}

export interface WireEnd {
  readonly closed: Closed;
  /** Nobody was there to shake hands with. */
  readonly unreached?: boolean;
  /** What the target answered to the handshake, where that was no WebSocket. */
  readonly answer?: {
    readonly status: number;
    readonly text: string;
    readonly retryAfterMs?: number;
    readonly instance?: string;
  };
}

/** How long our goodbye may wait for its answer, in ms. */
const goodbyeMs = 500;
/** How much of an answer to a refused handshake is read, in UTF-16 units. */
const longestAnswer = 400;

/**
 * A socket that knows its wire, so that all sockets share their listeners. None is taken off again: an emitter that lost one weighs
 * half a kilobyte more, and most connections are idle.
 */
class WiredSocket extends WebSocket {
  readonly wire: Wire;

  constructor(wire: Wire, url: URL, protocols: string[], options: WebSocket.ClientOptions) {
    super(url, protocols, options);
    this.wire = wire;
    this.on('upgrade', upgraded).on('open', opened).on('message', came);
    this.on('unexpected-response', refused).on('error', failed).on('close', closed);
  }
}

const wireOf = (socket: WebSocket) => (socket as WiredSocket).wire;

function upgraded(this: WebSocket, response: IncomingMessage): void {
  wireOf(this).upgraded(response);
}

function opened(this: WebSocket): void {
  wireOf(this).opened();
}

function came(this: WebSocket, data: WebSocket.RawData, isBinary: boolean): void {
  wireOf(this).read(data, isBinary);
}

function refused(this: WebSocket, request: ClientRequest, response: IncomingMessage): void {
  wireOf(this).refused(request, response);
}

function failed(this: WebSocket, error: Error): void {
  wireOf(this).failed(error);
}

function closed(this: WebSocket, code: number, reason: Buffer): void {
  wireOf(this).closed(code, reason);
}

/** One WebSocket, as frames. Whatever the target does to it ends in `ended`, never in an exception. */
export class Wire {
  readonly #socket: WebSocket;
  readonly #limits: WireLimits;
  readonly #events: WireEvents;
  #instance: string | undefined;
  #error: Error | undefined;
  #leaving = false;
  #isEnded = false;

  /** Throws where no handshake can be made of the entrance: an address that is none, a token that fits in no header. */
  constructor(entrance: Entrance, limits: WireLimits, events: WireEvents) {
    const { url, headers, serverName } = entrance;
    this.#limits = limits;
    this.#events = events;
    this.#socket = new WiredSocket(this, url, [...entrance.protocols], {
      headers,
      maxPayload: limits.maxFrameBytes,
      perMessageDeflate: false,
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(data: Sendable): void {
    this.#socket.send(data);
  }

  /** Says goodbye, and hangs up where that is not answered. Resolves when the socket is closed. */
  async leave(): Promise<void> {
    this.#leaving = true;
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#socket.terminate(), goodbyeMs);
      this.#socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.close(1000);
    });
  }

  hangUp(): void {
    this.#socket.terminate();
  }

  upgraded(response: IncomingMessage): void {
    this.#instance = this.#instanceIn(response);
  }

  opened(): void {
    this.#events.opened(this.#instance);
  }

  closed(code: number, reason: Buffer): void {
    this.#end({ closed: this.#closed(code, reason.toString()), unreached: isUnreached(this.#error) });
  }

  read(data: WebSocket.RawData, isBinary: boolean): void {
    if (this.#isEnded) return;
    const { encoding } = this.#limits;
    let frame: unknown;
    try {
      // `binaryType` is as ws has it: one buffer.
      frame = fromTheWire(encoding, data as Buffer, isBinary);
    } catch {
      this.#events.unreadable(unread(encoding, isBinary));
      return;
    }
    this.#events.frame(frame);
  }

  failed(error: Error): void {
    this.#error ??= error;
    // Once open, only a frame that breaks the protocol leads here. ws waits for an answer to its goodbye; we do not.
    if (this.#socket.readyState !== WebSocket.CONNECTING) this.#socket.terminate();
  }

  refused(request: ClientRequest, response: IncomingMessage): void {
    let text = '';
    const { statusCode: status = 0, headers } = response;
    const finish = () => {
      const retryAfterMs = retryAfterOf(headers);
      const instance = this.#instanceIn(response);
      const answer = { status, text: text.slice(0, longestAnswer), retryAfterMs, instance };
      this.#end({ closed: { by: 'target' }, answer });
      request.destroy();
    };
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
      if (text.length >= longestAnswer) finish();
    });
    for (const event of ['end', 'error', 'close']) response.on(event, finish);
  }

  #instanceIn(response: IncomingMessage): string | undefined {
    const value = response.headers[this.#limits.instanceHeader.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  }

  #closed(code: number, reason: string): Closed {
    if (this.#leaving) return { by: 'session', code: 1000 };
    if (this.#error) return { by: 'session', ...brokenBy(this.#error, this.#limits) };
    // 1006 never travels: it is how ws says that no goodbye came.
    if (code === 1006) return { by: 'network', code };
    return { by: 'target', code, ...(reason === '' ? {} : { reason }) };
  }

  #end(end: WireEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#events.ended(end);
  }
}

function unread(encoding: Encoding | undefined, isBinary: boolean): string {
  if (encoding) return '`encoding.decode` could not read a frame';
  return isBinary ? 'a binary frame was no JSON, and the client has no `encoding`' : 'a frame was no JSON';
}

/** The name was not resolved, or the address refused the connection. Several addresses give one error for all of them. */
function isUnreached(error: Error | undefined): boolean {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const call = first instanceof Error && 'syscall' in first ? first.syscall : undefined;
  return call === 'connect' || call === 'getaddrinfo';
}

/** We hung up: the close code that says why, and the reason in words. */
function brokenBy(error: Error, { maxFrameBytes }: WireLimits): { code?: number; reason: string } {
  const kind = 'code' in error ? String(error.code) : '';
  if (kind === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return { code: 1009, reason: `the target sent a frame of more than ${maxFrameBytes} bytes` };
  }
  if (kind === 'WS_ERR_INVALID_UTF8') return { code: 1007, reason: 'the target sent text that is not UTF-8' };
  if (kind.startsWith('WS_ERR_'))
    return { code: 1002, reason: `the target broke the protocol: ${messageOf(error)}` };
  return { reason: messageOf(error) };
}
