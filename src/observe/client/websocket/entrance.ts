import { isIP } from 'node:net';
import type { Attempt } from '../port.js';
import { attempted, MappingFailure } from '../shared/mapping.js';
import { forTheWire } from './encoding.js';
import type { Encoding, Sendable, TokenPlace, WebSocketOptions } from './options.js';

/** Everything that a handshake says, and the frame that follows it where the token travels there. */
export interface Entrance {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocols: readonly string[];
  /** For TLS, where the address that is dialled is not the target's. */
  readonly serverName?: string;
  /** As it travels. Absent: none. */
  readonly firstFrame?: Sendable;
}

/** How to come in with this token, or without any. Throws `MappingFailure`, where a function of `token` fails. */
export function entranceOf(options: WebSocketOptions, { seat, credentials }: Attempt): Entrance {
  const url = seat.resolve(options.url);
  const origin = seat.origin?.(options.url) ?? url;
  const plain: Entrance = {
    url,
    headers: { host: origin.host, ...options.headers },
    protocols: offered(options),
    ...(isIP(bare(origin.hostname)) === 0 ? { serverName: origin.hostname } : {}),
  };
  return credentials === null
    ? plain
    : withToken(plain, placeOf(options.token ?? 'query'), credentials.token, options.encoding);
}

/** The short names, spelt out. */
function placeOf(place: TokenPlace): Exclude<TokenPlace, string> {
  if (place === 'query') return { query: 'token' };
  if (place === 'header') return { header: 'authorization', prefix: 'Bearer ' };
  if (place === 'subprotocol') return { subprotocol: (token) => [`bearer.${token}`] };
  if (place === 'first-frame') return { firstFrame: (token) => ({ type: 'hello', token }) };
  return place;
}

function withToken(
  entrance: Entrance,
  place: Exclude<TokenPlace, string>,
  token: string,
  encoding?: Encoding,
): Entrance {
  if ('query' in place) {
    const url = new URL(entrance.url);
    url.searchParams.set(place.query, token);
    return { ...entrance, url };
  }
  if ('header' in place) {
    return { ...entrance, headers: { ...entrance.headers, [place.header]: (place.prefix ?? '') + token } };
  }
  if ('firstFrame' in place) {
    const firstFrame = forTheWire(encoding, 'token.firstFrame', () => place.firstFrame(token));
    return { ...entrance, firstFrame };
  }
  return { ...entrance, protocols: [...entrance.protocols, ...namesBy(place, token)] };
}

function namesBy(place: Extract<TokenPlace, { subprotocol: unknown }>, token: string): readonly string[] {
  const names: unknown = attempted('token.subprotocol', () => place.subprotocol(token));
  if (isTexts(names)) return names;
  throw new MappingFailure('token.subprotocol', { gave: names });
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const bare = (host: string) => host.replace(/^\[|\]$/g, '');

/** A server that takes the token from a subprotocol must choose another one: a token is no answer. */
function offered({ protocols = [], token }: WebSocketOptions): readonly string[] {
  return protocols.length === 0 && token === 'subprotocol' ? ['chat'] : protocols;
}
