import type { ClientRequest, IncomingMessage } from 'node:http';
import { messageOf } from '../../../base/errors.js';
import type { Closed } from '../port.js';
import { type Address, destinationOf } from '../http/address.js';
import { onceConnected, requestTo } from '../http/exchange.js';
import { retryAfterOf } from '../shared/retry-after.js';
import { EventReader, type ReaderEvents } from './reader.js';

export interface StreamLimits {
  readonly maxEventBytes: number;
  readonly idleTimeoutMs: number | undefined;
  readonly instanceHeader: string;
}

/** What a stream tells. Nothing follows `ended`. */
export interface StreamEvents extends Omit<ReaderEvents, 'tooLong'> {
  opened(instance: string | undefined): void;
  ended(end: StreamEnd): void;
}

export interface StreamEnd {
  readonly closed: Closed;
  /** Nobody was there to ask. */
  readonly unreached?: boolean;
  /** What the target answered, where that was no stream of events. */
  readonly answer?: {
    readonly status: number;
    readonly text: string;
    readonly retryAfterMs?: number;
    readonly instance?: string;
  };
}

/** Without an end: what was to come did not, and nobody said so. */
const brokeOff = 'the stream broke off';
/** How much of an answer that is no stream is read, in UTF-16 units. */
const longestAnswer = 400;

/** One `text/event-stream`. Whatever the target does to it ends in `ended`, never in an exception. */
export class EventStream {
  readonly #request: ClientRequest;
  readonly #limits: StreamLimits;
  readonly #events: StreamEvents;
  #reader: EventReader | null = null;
  #isOpen = false;
  #isConnected = false;
  #idle: NodeJS.Timeout | undefined;
  #isEnded = false;

  /** Throws where no request can be made of the address: a token that fits in no header. */
  constructor(address: Address, limits: StreamLimits, events: StreamEvents) {
    this.#limits = limits;
    this.#events = events;
    Object.assign(address.headers, { accept: 'text/event-stream', 'cache-control': 'no-cache' });
    // A stream has a socket of its own: it would keep any other request waiting.
    const request = requestTo(destinationOf(address), { agent: false });
    this.#request = request;
    onceConnected(request, () => {
      this.#isConnected = true;
      request.socket?.setNoDelay(true);
    });
    request.once('response', (response) => this.#answered(response));
    request.on('error', (error) => this.#failed(error));
    request.once('close', () => this.#failed(new Error('closed without an answer')));
    request.end();
  }

  /** Ends it without a word: a stream has no goodbye. */
  leave(): void {
    this.#hangUp({ by: 'session' });
  }

  #answered(response: IncomingMessage): void {
    const status = response.statusCode ?? 0;
    const type = response.headers['content-type'] ?? '';
    response.on('error', (error) => this.#failed(error));
    if (status === 200 && /^text\/event-stream\s*(;|$)/i.test(type)) return this.#listen(response);
    if (status === 200) {
      const reason = `expected text/event-stream, got ${type === '' ? 'no content type' : type}`;
      return this.#noStream(response, status, reason);
    }
    if (status === 204) {
      return this.#noStream(
        response,
        status,
        'the target asks not to come back (204), and we do all the same',
      );
    }
    this.#refused(response, status);
  }

  #listen(response: IncomingMessage): void {
    this.#isOpen = true;
    this.#rest();
    this.#events.opened(this.#instanceIn(response));
    // What comes in the same moment comes after whoever waits for the stream has been told that it is open.
    setImmediate(() => {
      response.on('data', (chunk: Buffer) => {
        this.#idle?.refresh();
        // Made when something comes: most streams are silent for long, and it weighs as much as all else here.
        this.#reader ??= this.#newReader();
        this.#reader.feed(chunk);
      });
    });
    response.once('end', () => this.#end({ closed: { by: 'target' } }));
    response.once('close', () => this.#end({ closed: { by: 'network', reason: brokeOff } }));
  }

  #newReader(): EventReader {
    return new EventReader(this.#limits.maxEventBytes, {
      event: (event) => this.#isEnded || this.#events.event(event),
      cursor: (id) => this.#isEnded || this.#events.cursor(id),
      retry: (ms) => this.#isEnded || this.#events.retry(ms),
      strange: (line) => this.#isEnded || this.#events.strange(line),
      tooLong: () =>
        this.#hangUp({
          by: 'session',
          reason: `the target sent an event of more than ${this.#limits.maxEventBytes} bytes`,
        }),
    });
  }

  #rest(): void {
    const { idleTimeoutMs } = this.#limits;
    if (idleTimeoutMs === undefined) return;
    const reason = `nothing came for ${idleTimeoutMs} ms, not even a comment`;
    this.#idle = setTimeout(() => this.#hangUp({ by: 'network', reason }), idleTimeoutMs);
  }

  #noStream(response: IncomingMessage, status: number, text: string): void {
    const instance = this.#instanceIn(response);
    this.#end({
      closed: { by: 'target' },
      answer: { status, text, ...(instance === undefined ? {} : { instance }) },
    });
    this.#request.destroy();
  }

  #refused(response: IncomingMessage, status: number): void {
    const { location } = response.headers;
    let text = location === undefined ? '' : `it is elsewhere: ${location}`;
    const finish = () => {
      const retryAfterMs = retryAfterOf(response.headers);
      const instance = this.#instanceIn(response);
      const more = {
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(instance === undefined ? {} : { instance }),
      };
      this.#end({
        closed: { by: 'target' },
        answer: { status, text: text.slice(0, longestAnswer), ...more },
      });
      this.#request.destroy();
    };
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
      if (text.length >= longestAnswer) finish();
    });
    for (const event of ['end', 'error', 'close']) response.on(event, finish);
  }

  #failed(error: Error): void {
    const reason = this.#isOpen ? brokeOff : messageOf(error);
    this.#end({ closed: { by: 'network', reason }, unreached: !this.#isConnected });
  }

  #hangUp(closed: Closed): void {
    this.#end({ closed });
    this.#request.destroy();
  }

  #instanceIn(response: IncomingMessage): string | undefined {
    const value = response.headers[this.#limits.instanceHeader.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  }

  #end(end: StreamEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearTimeout(this.#idle);
    this.#events.ended(end);
  }
}
