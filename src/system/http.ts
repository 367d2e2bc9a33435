import { messageOf, OutlastError } from '../base/errors.js';
import { eitherOf } from './signals.js';

export interface HttpRequest {
  readonly url: string | URL;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly signal: AbortSignal;
  /** The whole exchange, in ms. */
  readonly timeoutMs?: number;
  /** A longer answer is refused. */
  readonly maxBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One HTTP exchange with a limit of time and of size. Throws `ANSWER_INVALID` when there is no whole answer. */
export async function http(request: HttpRequest): Promise<HttpAnswer> {
  const timeoutMs = request.timeoutMs ?? 10_000;
  const signal = eitherOf([request.signal, AbortSignal.timeout(timeoutMs)]);
  const json = request.json === undefined ? undefined : JSON.stringify(request.json);
  const contentType: Record<string, string> =
    json === undefined ? {} : { 'content-type': 'application/json' };
  try {
    const response = await fetch(request.url, {
      method: request.method ?? 'GET',
      headers: { ...contentType, ...request.headers },
      ...(json === undefined ? {} : { body: json }),
      signal,
      redirect: 'manual',
    });
    const text = await readText(response, request.maxBytes ?? 16 * 1024 * 1024);
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    if (error instanceof OutlastError) throw error;
    request.signal.throwIfAborted();
    throw unanswered(request, timeoutMs, error);
  }
}

/** The answer's body as JSON. Throws `ANSWER_INVALID`, which shows none of it: it may hold secrets. */
export function jsonOf(answer: HttpAnswer, from: string | URL): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    throw new OutlastError(
      'ANSWER_INVALID',
      `expected JSON from ${where(from)}, got ${answer.text.length} characters of something else (status ${answer.status})`,
    );
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new OutlastError(
        'ANSWER_INVALID',
        `expected an answer of at most ${maxBytes} bytes from ${where(response.url)}; more came`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function unanswered(request: HttpRequest, timeoutMs: number, error: unknown): OutlastError {
  const why = reasonOf(error, timeoutMs);
  return new OutlastError(
    'ANSWER_INVALID',
    `expected an answer to ${request.method ?? 'GET'} ${where(request.url)}: ${why}`,
    { cause: error },
  );
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `none came within ${timeoutMs} ms`;
  // fetch hides the reason (ECONNREFUSED, a reset) in the cause of its "fetch failed".
  return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
}

/** Without the query, which may carry a token. */
function where(url: string | URL): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
