import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { messageOf, OutlastError } from '../../base/errors.js';
import { Link } from './link.js';

/** One session's way to one address of the target. */
export interface RelayDoor {
  readonly host: string;
  readonly port: number;
  /** Resets every connection on both sides, without a goodbye, and every new one until `restore`. Idempotent. */
  cut(): void;
  restore(): void;
}

/**
 * Stands between sessions and the target, and can take away the network of one session. It changes nothing that passes.
 * Its disposal resets what is open and closes all doors; it is idempotent and never throws.
 */
export interface Relay extends AsyncDisposable {
  /** A door of this session's own to `toHost:toPort`; asked for again, it is the same. Throws `INTERNAL` when no port can be opened. */
  door(session: string, toHost: string, toPort: number): Promise<RelayDoor>;
}

export function createRelay(): Relay {
  const doors = new Map<string, Promise<ListeningDoor>>();
  let closing: Promise<void> | null = null;
  return {
    door: (session, toHost, toPort) => {
      if (closing) return Promise.reject(afterTheEnd(session));
      const key = JSON.stringify([session, toHost, toPort]);
      const known = doors.get(key);
      if (known) return known;
      const door = ListeningDoor.open(session, bare(toHost), toPort);
      doors.set(key, door);
      // What could not be opened may be asked for again.
      door.catch(() => doors.delete(key));
      return door;
    },
    [Symbol.asyncDispose]: () => (closing ??= closeAll(doors.values())),
  };
}

class ListeningDoor implements RelayDoor {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  readonly #to: { readonly host: string; readonly port: number };
  #isCut = false;

  static async open(session: string, toHost: string, toPort: number): Promise<ListeningDoor> {
    // Half-open connections are the target's and the client's affair: the relay passes on what each of them does.
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    try {
      return new ListeningDoor(server, await listening(server), { host: toHost, port: toPort });
    } catch (error) {
      throw new OutlastError(
        'INTERNAL',
        `expected to open a port between session ${session} and the target, and could not: ${messageOf(error)}; more sessions need a higher limit of open files (ulimit -n)`,
        { cause: error },
      );
    }
  }

  private constructor(server: Server, port: number, to: { host: string; port: number }) {
    this.#server = server;
    this.port = port;
    this.#to = to;
    server.on('connection', (socket) => {
      this.#accept(socket);
    });
    // Accepting fails when this program runs out of open files; the client then sees its connection fail, and tells it.
    server.on('error', () => undefined);
  }

  cut(): void {
    this.#isCut = true;
    for (const link of this.#links) link.reset();
  }

  restore(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  #accept(socket: Socket): void {
    if (this.#isCut) {
      socket.on('error', () => undefined);
      socket.resetAndDestroy();
      return;
    }
    const link = new Link(socket, this.#to, () => this.#links.delete(link));
    this.#links.add(link);
  }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function closeAll(doors: Iterable<Promise<ListeningDoor>>): Promise<void> {
  await Promise.allSettled([...doors].map(async (door) => (await door).close()));
}

/** URLs write the addresses of IPv6 in brackets, sockets do not. */
const bare = (host: string) => host.replace(/^\[(.*)\]$/, '$1');

const afterTheEnd = (session: string) =>
  new OutlastError(
    'INTERNAL',
    `expected the relay to be open, and it is closed: session ${session} wants a door`,
  );
