import { isIP, isIPv4 } from 'node:net';
import { OutlastError } from '../../base/errors.js';
import { withAnyPort } from './placeholders.js';

/** Where a service is looked at. */
export interface Address {
  readonly scheme: 'http' | 'https' | 'tcp';
  readonly host: string;
  readonly port: number;
  readonly url: URL;
}

/** Reads a `ready` whose placeholders are filled in. Throws `CONFIG_INVALID`; `service` is for the message. */
export function addressOf(ready: string, service: string): Address {
  const url = URL.canParse(ready) ? new URL(ready) : null;
  const scheme = url?.protocol.slice(0, -1);
  if (!url || url.hostname === '' || (scheme !== 'http' && scheme !== 'https' && scheme !== 'tcp')) {
    throw invalid(ready, service, 'an address');
  }
  const standard = { http: 80, https: 443, tcp: null }[scheme];
  const port = url.port === '' ? standard : Number(url.port);
  if (port === null) throw invalid(ready, service, 'a port');
  return { scheme, host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port, url };
}

/** For messages: without user, password and query, which may be secrets. */
export const shown = ({ url }: Address): string => `${url.protocol}//${url.host}${url.pathname}`;

/** Host and port as they stand in a description, before placeholders are filled in. */
export function writtenAddress(ready: string, service: string): string {
  addressOf(withAnyPort(ready), service);
  return authorityIn(ready);
}

/** Those of some addresses (URLs, or hosts with or without a port) that are not on this machine's loopback. */
export function remoteAddresses(addresses: readonly string[]): readonly string[] {
  return addresses.filter((address) => !isLoopback(address));
}

/** `address`: a URL, or a host with or without a port. A name is loopback only if it must be, whatever resolves it (RFC 6761). */
export function isLoopback(address: string): boolean {
  const host = hostIn(authorityIn(address)).toLowerCase();
  if (isIP(host) === 0) return /^(?:[^.]+\.)*localhost\.?$/.test(host);
  // Connections to the unspecified address end on this machine as well.
  if (isIPv4(host)) return host.startsWith('127.') || host === '0.0.0.0';
  return host === '::1' || host === '::' || /^::ffff:(127\.|7f[0-9a-f]{2}:)/.test(host);
}

/** What stands between the scheme and the path, without user and password. */
function authorityIn(address: string): string {
  const [authority = ''] = address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split(/[/?#\\]/, 1);
  return authority.slice(authority.lastIndexOf('@') + 1);
}

function hostIn(address: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(address);
  if (bracketed) return bracketed[1] ?? '';
  return isIP(address) === 6 ? address : address.replace(/:(\d+|\{port:[^}]*\})$/, '');
}

function invalid(ready: string, service: string, what: string): OutlastError {
  return new OutlastError(
    'CONFIG_INVALID',
    `expected ${what} in \`ready\` of the service ${service}, such as http://127.0.0.1:{port:${service}}/health or tcp://127.0.0.1:5432; got ${JSON.stringify(ready)}`,
  );
}
