import type { RequestOptions } from 'node:http';
import { isIP } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { carryToken, type RequestTokenPlace } from '../../identity/door.js';
import type { Attempt, Seat } from '../port.js';
import type { RequestToken } from './options.js';

/** Where a request goes, with everything that it says besides its body. */
export interface Address {
  readonly url: URL;
  readonly headers: Record<string, string>;
  /** For TLS, where the address that is dialled is not the target's. */
  readonly serverName?: string;
}

/** Where a request goes, as Node takes it: made of an address once, where many requests go to the same host. */
export interface Destination {
  readonly host: RequestOptions;
  /** With what is asked for there. */
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** What the addresses of a seat are made with. */
export interface Manner {
  readonly headers: Readonly<Record<string, string>>;
  readonly token: RequestToken;
}

/** `{room}`, `{rooms}` (with commas) and `{user}` of an address, filled in. */
export function filled(address: string, { user, rooms }: Pick<Seat, 'user' | 'rooms'>, room = ''): string {
  const values: Readonly<Record<string, string>> = { room, rooms: rooms.join(','), user };
  return address.replace(places, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

/** An address that is not filled in yet, fit to be read for its host. */
export const unfilled = (address: string): string => address.replace(places, '-');

const places = /\{(room|rooms|user)\}/g;

/** Is it the address of one room, so that there is one for each? */
export const isOfOneRoom = (address: string): boolean => address.includes('{room}');

/** `path`: of that host, instead of the path of `address`. Throws a `TypeError` where no address can be made of it. */
export function addressOf(
  { seat, credentials }: Pick<Attempt, 'seat' | 'credentials'>,
  { headers, token }: Manner,
  address: string,
  path?: string,
): Address {
  const dialled = seat.resolve(address);
  const url = path === undefined ? dialled : new URL(path, dialled);
  const origin = seat.origin?.(address) ?? dialled;
  const all: Record<string, string> = { host: origin.host, ...headers };
  if (credentials !== null) carryToken(credentials.token, placeOf(token), { url, headers: all });
  const isName = isIP(origin.hostname.replace(/^\[|\]$/g, '')) === 0;
  return { url, headers: all, ...(isName ? { serverName: origin.hostname } : {}) };
}

export function destinationOf({ url, headers, serverName }: Address): Destination {
  const { protocol, hostname, port, auth, path } = urlToHttpOptions(url);
  // Where there is no TLS, Node would look for a name in the headers of each request all the same.
  const name = protocol === 'https:' ? serverName : '';
  const named = name === undefined ? {} : { servername: name };
  return { host: { protocol, hostname, port, auth, ...named }, path: path ?? '/', headers };
}

/**
 * A path that stands in an address as it is written: of characters that are not encoded there, and without a segment that
 * leads elsewhere, such as `..`.
 */
export const isPlainPath = (path: string): boolean => plainPath.test(path);

const plainPath = /^(?:\/(?!\.|%2e)[\w\-.~!$&()*+,;=:@%]*)+(?:\?[\w\-.~!$&()*+,;=:@%/?]+)?$/i;

function placeOf(token: RequestToken): RequestTokenPlace {
  if (token === 'query') return { query: 'token' };
  return token === 'header' ? { header: 'authorization', prefix: 'Bearer ' } : token;
}
