import { http, jsonOf, type HttpAnswer } from '../../system/http.js';
import type { Call, Door, Knock } from './port.js';

/** Where a request carries the token. */
export type RequestTokenPlace =
  { readonly header: string; readonly prefix?: string } | { readonly query: string };

export interface RequestDoorOptions {
  readonly name: string;
  /** Something that only a signed-in user may read. May hold placeholders. */
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `Authorization: Bearer …` unless told. */
  readonly token?: RequestTokenPlace;
  /** Who the answer says that the token's owner is. */
  readonly user?: (body: unknown) => string | undefined;
  /** The header of the answer that names the instance: `x-instance` unless told. */
  readonly instanceHeader?: string;
}

/**
 * A door that is an HTTP request: 2xx lets in, 401 and 403 keep out, anything else is no answer. A 2xx of a request
 * that needs a token is a privileged operation done.
 */
export function requestDoor(options: RequestDoorOptions, means: { resolve(text: string): string }): Door {
  return {
    name: options.name,
    via: 'request',
    knock: async (token, call) => {
      try {
        return knockOf(await request(options, means.resolve(options.url), token, call), options);
      } catch {
        // A dead port, a time-out, half an answer: nothing is known of the token.
        return { let: 'no-answer' };
      }
    },
  };
}

function request(
  options: RequestDoorOptions,
  address: string,
  token: string | null,
  { signal }: Call,
): Promise<HttpAnswer> {
  const url = new URL(address);
  const headers: Record<string, string> = { ...options.headers };
  if (token !== null) carryToken(token, options.token, { url, headers });
  return http({ url, method: options.method ?? 'GET', headers, signal });
}

/** Puts a token where a request carries it: `Authorization: Bearer …` unless told. */
export function carryToken(
  token: string,
  place: RequestTokenPlace = { header: 'authorization', prefix: 'Bearer ' },
  request: { readonly url: URL; readonly headers: Record<string, string> },
): void {
  if ('query' in place) request.url.searchParams.set(place.query, token);
  else request.headers[place.header] = (place.prefix ?? '') + token;
}

function knockOf(answer: HttpAnswer, options: RequestDoorOptions): Knock {
  const { status } = answer;
  const instance = answer.headers.get(options.instanceHeader ?? 'x-instance');
  const about = { status, ...(instance === null ? {} : { instance }) };
  if (status === 401 || status === 403) return { let: 'out', ...about };
  if (status < 200 || status >= 300) return { let: 'no-answer', ...about };
  const user = userOf(answer, options);
  return { let: 'in', ...about, ...(user === undefined ? {} : { user }) };
}

/** The token was let in, whether or not its owner can be read from the answer. */
function userOf(answer: HttpAnswer, { user, url }: RequestDoorOptions): string | undefined {
  try {
    return user?.(jsonOf(answer, url));
  } catch {
    return undefined;
  }
}
