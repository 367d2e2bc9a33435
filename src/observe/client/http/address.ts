import { isIP } from 'node:net';
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

function placeOf(token: RequestToken): RequestTokenPlace {
  if (token === 'query') return { query: 'token' };
  return token === 'header' ? { header: 'authorization', prefix: 'Bearer ' } : token;
}
