import { isIP } from 'node:net';
import type { IClientOptions } from 'mqtt';
import type { Credentials, Seat } from '../port.js';
import type { MqttOptions } from './options.js';

/** How long a broker keeps a session of ours that was never taken away, in seconds (MQTT 5): a run that was killed leaves one. */
const keptForSeconds = 3_600;

/** What a connection to the broker is made with. `through`: where it is dialled; the target's own address is `origin`. */
export interface Entrance {
  readonly options: MqttOptions;
  readonly clientId: string;
  readonly kept: boolean;
  readonly through: URL;
  readonly origin: URL;
  /** Null: none are shown. */
  readonly login: { readonly username: string; readonly password: string } | null;
}

/** For the library. */
export function clientOptions({ options, clientId, kept, through, origin, login }: Entrance): IClientOptions {
  const { version = 4, keepaliveMs = 60_000, connectTimeoutMs = 10_000 } = options;
  return {
    ...placeOf(through, origin),
    ...{ clientId, protocolVersion: version, clean: !kept, resubscribe: false },
    ...{ keepalive: Math.round(keepaliveMs / 1_000), connectTimeout: connectTimeoutMs },
    reconnectPeriod: options.reconnectPeriodMs ?? 1_000,
    // Otherwise it stops for good at the first refusal, also where a broker that starts up says "unavailable".
    reconnectOnConnackError: true,
    ...(login ?? {}),
    ...(kept && version === 5 ? { properties: { sessionExpiryInterval: keptForSeconds } } : {}),
  };
}

/** Nobody's name is shown where there is no token: the target lets everybody in. */
export function loginOf(seat: Seat, credentials: Credentials | null): Entrance['login'] {
  if (credentials === null || credentials.token === '') return null;
  return { username: seat.user, password: credentials.token };
}

/** In parts: an address in one piece would let its query name another client id. */
function placeOf(through: URL, origin: URL): IClientOptions {
  const protocol = through.protocol.slice(0, -1) as 'mqtt' | 'mqtts' | 'ws' | 'wss';
  const servername = isIP(bare(origin.hostname)) === 0 ? { servername: origin.hostname } : {};
  const port = through.port === '' ? {} : { port: Number(through.port) };
  if (protocol === 'mqtt' || protocol === 'mqtts') {
    const host = bare(through.hostname);
    return { protocol, host, hostname: host, ...port, ...(protocol === 'mqtts' ? servername : {}) };
  }
  const wsOptions = { headers: { host: origin.host }, ...(protocol === 'wss' ? servername : {}) };
  const path = `${through.pathname}${through.search}`;
  return { protocol, host: through.hostname, hostname: through.hostname, ...port, path, wsOptions };
}

/** URLs write the addresses of IPv6 in brackets, sockets do not. */
const bare = (host: string) => host.replace(/^\[(.*)\]$/, '$1');
