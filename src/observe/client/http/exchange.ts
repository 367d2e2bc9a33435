import * as plain from 'node:http';
import * as secure from 'node:https';
import { messageOf } from '../../../base/errors.js';
import type { Destination } from './address.js';

export interface Question {
  readonly to: Destination;
  readonly method: string;
  readonly body?: string;
  readonly agent: plain.Agent;
  /** An answer that takes longer, in ms, is none. For ever unless told. */
  readonly withinMs?: number;
  /** A longer answer is none. */
  readonly maxBytes: number;
  /** Called just before the first byte leaves: a connection is there. */
  readonly leaving?: () => void;
}

/** A whole answer. */
export class Answered {
  constructor(
    readonly text: string,
    private readonly response: plain.IncomingMessage,
  ) {}

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** Node makes them when they are asked for, and hardly anybody asks. */
  get headers(): plain.IncomingHttpHeaders {
    return this.response.headers;
  }
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
export function requestTo(
  { host, path, headers }: Destination,
  more: plain.RequestOptions,
): plain.ClientRequest {
  const { request } = host.protocol === 'https:' ? secure : plain;
  return request(Object.assign({ path, headers }, host, more));
}

/** Told when a request has got a connection. */
export function onceConnected(request: plain.ClientRequest, go: () => void): void {
  request.once('socket', (socket) => {
    // A socket that was used before is connected; `secureConnect` follows `connect` where there is TLS.
    if (!socket.connecting) go();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', go);
  });
}

/**
 * One request and its answer. What is made of the answer is made at once, and the answer let go: it hangs together with its request and
 * all that Node keeps of both, and what lives until the next message comes is copied twice by the garbage collector.
 */
export class Exchange<Made> {
  readonly #question: Question;
  readonly #request: plain.ClientRequest;
  #read: ((answered: Answered) => Made | Promise<Made>) | null = null;
  #resolve: (made: Made | Promise<Made>) => void = ignore;
  #reject: (error: unknown) => void = ignore;
  /** What came so far; most answers come in one piece. */
  #chunks: Buffer[] = [];
  #bytes = 0;
  #left = false;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  /** Throws where no request can be made of the address. */
  constructor(question: Question) {
    this.#question = question;
    const { to, method, agent } = question;
    this.#request = requestTo(to, { method, agent });
  }

  /** What `read` makes of the answer. Rejects with what that throws, and with `NoAnswer`, also when it is called off. */
  answer(read: (answered: Answered) => Made | Promise<Made>): Promise<Made> {
    return new Promise((resolve, reject) => {
      this.#read = read;
      this.#resolve = resolve;
      this.#reject = reject;
      this.#begin();
    });
  }

  /** It is late, or nobody waits any longer. */
  callOff(): void {
    this.#fail(this.#left ? 'no answer came in time' : 'it had no connection in time');
  }

  #begin(): void {
    const { withinMs } = this.#question;
    onceConnected(this.#request, () => this.#leave());
    this.#request
      .once('response', (response) => this.#gather(response))
      .on('error', (error) => this.#fail(messageOf(error)));
    if (withinMs !== undefined) this.#timer = setTimeout(late, withinMs, this);
  }

  #leave(): void {
    if (this.#request.destroyed) return;
    this.#left = true;
    this.#question.leaving?.();
    this.#request.end(this.#question.body ?? '');
  }

  #gather(response: plain.IncomingMessage): void {
    const { maxBytes } = this.#question;
    response.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.byteLength;
      this.#chunks.push(chunk);
      if (this.#bytes > maxBytes) this.#fail(`the target sent an answer of more than ${maxBytes} bytes`);
    });
    response.once('end', () => this.#finish(response));
    response.on('error', (error) => this.#fail(messageOf(error)));
  }

  #finish(response: plain.IncomingMessage): void {
    // An answer that was too long ends all the same.
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    const [first, ...others] = this.#chunks;
    const whole = first && others.length === 0 ? first : Buffer.concat(this.#chunks);
    try {
      if (this.#read) this.#resolve(this.#read(new Answered(textOf(whole), response)));
    } catch (error) {
      this.#reject(error);
    }
  }

  #fail(reason: string): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#request.destroy();
    this.#reject(new NoAnswer(reason, this.#left));
  }
}

const ignore = () => undefined;
const late = (exchange: { callOff(): void }) => exchange.callOff();

/** A mark of the order of bytes is no part of a text. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

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
  const all: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    all[name] = typeof value === 'string' ? value : (value?.join(', ') ?? '');
  }
  return all;
}
