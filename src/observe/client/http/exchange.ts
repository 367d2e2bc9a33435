import * as plain from 'node:http';
import * as secure from 'node:https';
import { messageOf } from '../../../base/errors.js';
import type { Address } from './address.js';

export interface Question {
  readonly address: Address;
  readonly method: string;
  readonly body?: string;
  readonly agent: plain.Agent;
  /** Any of them ends it. */
  readonly signals: readonly AbortSignal[];
  /** An answer that takes longer, in ms, is none. For ever unless told. */
  readonly withinMs?: number;
  /** A longer answer is none. */
  readonly maxBytes: number;
  /** Called just before the first byte leaves: a connection is there. */
  readonly leaving?: () => void;
}

/** A whole answer. */
export interface Answered {
  readonly status: number;
  readonly headers: plain.IncomingHttpHeaders;
  readonly text: string;
}

/** There was no whole answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(
    reason: string,
    /** Did any byte leave? */
    readonly left: boolean,
  ) {
    super(reason);
  }
}

/** Sockets to one target. `atOnce`: requests beyond that many wait for their turn. */
export function agentTo(address: string, atOnce: number): plain.Agent {
  const options = { keepAlive: true, maxSockets: atOnce };
  return address.startsWith('https:') ? new secure.Agent(options) : new plain.Agent(options);
}

/** A request whose bytes have not left: its `end` sends them. */
export function requestTo(address: Address, more: plain.RequestOptions): plain.ClientRequest {
  const { url, headers, serverName } = address;
  if (url.protocol !== 'https:') return plain.request(url, { ...more, headers });
  const name = serverName === undefined ? {} : { servername: serverName };
  return secure.request(url, { ...more, ...name, headers });
}

/** Told when a request has got a connection. */
export function onceConnected(request: plain.ClientRequest, go: () => void): void {
  request.once('socket', (socket) => {
    // A socket that was used before is connected; `secureConnect` follows `connect` where there is TLS.
    if (!socket.connecting) go();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', go);
  });
}

/** One exchange. Rejects with `NoAnswer`, also when a signal aborts. */
export function exchange(question: Question): Promise<Answered> {
  return new Promise((resolve, reject) => {
    new Exchange(question, resolve, reject).begin();
  });
}

/** It listens to the signals itself: there is one for each message, and signals made of signals cost more than all the rest. */
class Exchange {
  readonly #question: Question;
  readonly #resolve: (answered: Answered) => void;
  readonly #reject: (error: NoAnswer) => void;
  readonly #request: plain.ClientRequest;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #left = false;
  #timer: NodeJS.Timeout | undefined;

  /** Throws where no request can be made of the address. */
  constructor(question: Question, resolve: (answered: Answered) => void, reject: (error: NoAnswer) => void) {
    this.#question = question;
    this.#resolve = resolve;
    this.#reject = reject;
    const { address, method, agent } = question;
    this.#request = requestTo(address, { method, agent });
  }

  begin(): void {
    const { signals, withinMs } = this.#question;
    onceConnected(this.#request, () => this.#leave());
    this.#request
      .once('response', (response) => this.#read(response))
      .on('error', (error) => this.#fail(messageOf(error)));
    if (withinMs !== undefined) this.#timer = setTimeout(late, withinMs, this);
    for (const signal of signals) {
      if (signal.aborted) return this.handleEvent();
      signal.addEventListener('abort', this, { once: true });
    }
  }

  /** A signal aborts, or it is late. */
  handleEvent(): void {
    this.#fail(this.#left ? 'no answer came in time' : 'it had no connection in time');
  }

  #leave(): void {
    if (this.#request.destroyed) return;
    this.#left = true;
    this.#question.leaving?.();
    this.#request.end(this.#question.body ?? '');
  }

  #read(response: plain.IncomingMessage): void {
    const { maxBytes } = this.#question;
    response.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.byteLength;
      this.#chunks.push(chunk);
      if (this.#bytes > maxBytes) this.#fail(`the target sent an answer of more than ${maxBytes} bytes`);
    });
    response.once('end', () => this.#finish(response));
    response.on('error', (error) => this.#fail(messageOf(error)));
  }

  #finish({ statusCode = 0, headers }: plain.IncomingMessage): void {
    this.#rest();
    const [first, ...others] = this.#chunks;
    const whole = first && others.length === 0 ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: statusCode, headers, text: decoder.decode(whole) });
  }

  #fail(reason: string): void {
    this.#rest();
    this.#request.destroy();
    this.#reject(new NoAnswer(reason, this.#left));
  }

  #rest(): void {
    clearTimeout(this.#timer);
    for (const signal of this.#question.signals) signal.removeEventListener('abort', this);
  }
}

const late = (exchange: Exchange) => exchange.handleEvent();

/** Of whole texts, so that all may share it. */
const decoder = new TextDecoder();

/** As JSON where it is some, else the text; null where there is none. */
export function bodyOf(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Headers that are there several times are one, with commas. */
export function plainHeaders(headers: plain.IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
