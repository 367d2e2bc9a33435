import * as plain from 'node:http';
import * as secure from 'node:https';
import { messageOf } from '../../../base/errors.js';
import { abortable } from '../../../system/abortable.js';
import type { Address } from './address.js';

export interface Question {
  readonly address: Address;
  readonly method: string;
  readonly body?: string;
  readonly agent: plain.Agent;
  readonly signal: AbortSignal;
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

/** One exchange. Rejects with `NoAnswer`, also when the signal aborts. */
export async function exchange(question: Question): Promise<Answered> {
  const { address, method, body = '', agent, signal } = question;
  const request = requestTo(address, { method, agent });
  let left = false;
  onceConnected(request, () => {
    if (request.destroyed) return;
    left = true;
    question.leaving?.();
    request.end(body);
  });
  try {
    return await abortable(answerTo(request, question.maxBytes), signal);
  } catch (error) {
    request.destroy();
    const late = left ? 'no answer came in time' : 'it had no connection in time';
    throw new NoAnswer(signal.aborted ? late : messageOf(error), left);
  }
}

async function answerTo(request: plain.ClientRequest, maxBytes: number): Promise<Answered> {
  const response = await new Promise<plain.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).on('error', reject);
  });
  return wholeOf(response, maxBytes);
}

async function wholeOf(response: plain.IncomingMessage, maxBytes: number): Promise<Answered> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`the target sent an answer of more than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return { status: response.statusCode ?? 0, headers: response.headers, text: text + decoder.decode() };
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
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
