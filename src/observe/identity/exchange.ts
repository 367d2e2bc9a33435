import { messageOf, OutlastError } from '../../base/errors.js';
import { http, jsonOf, type HttpAnswer } from '../../system/http.js';
import { Refused } from './port.js';

export interface Exchange {
  /** For messages: `sign in`, `refresh`, … */
  readonly what: string;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly signal: AbortSignal;
}

/**
 * One exchange with whoever gives tokens; resolves with the answer's JSON, or with null where it has no body. Throws
 * `Refused` for a definite no, and `SIGN_IN_FAILED` for everything else that is no success. Neither shows any of the
 * answer: services echo what they were sent.
 */
export async function exchange(request: Exchange): Promise<unknown> {
  const answer = await answerTo(request);
  if (answer.status >= 200 && answer.status < 300) {
    return answer.text.trim() === '' ? null : jsonOf(answer, request.url);
  }
  const message = `expected to ${request.what} at ${placeOf(request.url)}; it answered with status ${answer.status}`;
  if (isRefusal(answer)) throw new Refused(message, answer.status);
  throw new OutlastError('SIGN_IN_FAILED', message, { cause: { status: answer.status } });
}

/** The HTTP status behind an error of this room, where there was an answer. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof Refused) return error.status;
  const cause = error instanceof OutlastError ? error.cause : undefined;
  const status: unknown =
    typeof cause === 'object' && cause !== null && 'status' in cause ? cause.status : null;
  return typeof status === 'number' ? status : undefined;
}

async function answerTo({ what, url, method = 'POST', signal, ...rest }: Exchange): Promise<HttpAnswer> {
  try {
    return await http({ url, method, signal, ...rest });
  } catch (error) {
    signal.throwIfAborted();
    throw new OutlastError('SIGN_IN_FAILED', `could not ${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** 401 and 403 are a definite no; so is OAuth's 400 for a refresh token that is not (or no longer) good (RFC 6749, 5.2). */
function isRefusal({ status, text }: HttpAnswer): boolean {
  return status === 401 || status === 403 || (status === 400 && /"error"\s*:\s*"invalid_grant"/.test(text));
}

/** Without the query, which may carry a secret. */
function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
