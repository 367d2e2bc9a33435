import { messageOf, OutlastError } from '../../base/errors.js';
import { printable } from '../../base/printable.js';
import { http, type HttpAnswer } from '../../system/http.js';
import { carryToken, Refused, type RequestTokenPlace } from '../identity/index.js';

export interface Means {
  /** Fills in the placeholders of a URL. */
  resolve(text: string): string;
}

export interface Question {
  readonly url: string;
  /** `Authorization: Bearer …` unless told. */
  readonly place: RequestTokenPlace | undefined;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Asks with GET. Throws `Refused` for 401 and 403, `ANSWER_INVALID` when there is no answer. */
export async function ask({ url, place, token, signal }: Question): Promise<HttpAnswer> {
  const address = new URL(url);
  const headers: Record<string, string> = { accept: 'application/json' };
  carryToken(token, place, { url: address, headers });
  const answer = await http({ url: address, headers, signal });
  const { status } = answer;
  if (status === 401 || status === 403) {
    throw new Refused(
      `expected ${placeOf(url)} to let the token in; it answered with status ${status}`,
      status,
    );
  }
  return answer;
}

/** Throws `ANSWER_INVALID` where the answer is no success. */
export function expectSuccess({ status }: HttpAnswer, url: string): void {
  if (status >= 200 && status < 300) return;
  throw new OutlastError(
    'ANSWER_INVALID',
    `expected ${placeOf(url)} to answer with 2xx; it answered with status ${status}`,
  );
}

/** What a mapping function of a config's author gives. Throws `ANSWER_INVALID` with what it threw. */
export function mapped<T>(name: string, url: string, map: () => T): T {
  try {
    return map();
  } catch (error) {
    const reason = printable(messageOf(error), 200);
    throw new OutlastError(
      'ANSWER_INVALID',
      `expected the function \`${name}\` to read an answer of ${placeOf(url)}; it threw: ${reason}`,
      { cause: error },
    );
  }
}

/** Without the query, which may hold a secret. */
export function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
