import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { messageOf, OutlastError } from '../../base/errors.js';
import { seeded, type Random } from '../../base/random.js';
import type { Affliction, Fault } from './fault.js';
import { Link } from './link.js';

/** One session's way to one address of the target. */
export interface RelayDoor {
  readonly host: string;
  readonly port: number;
  /** Resets every connection on both sides, without a goodbye, and every new one until `restore`. Idempotent. */
  cut(): void;
  restore(): void;
  /** Puts a fault in force on every connection there is and will be, until it is lifted. One at a time. */
  afflict(fault: Fault): Affliction;
}

/**
 * Stands between sessions and the target, and can take away the network of one session. It changes nothing that passes, but where a fault is
 * asked for.
 * Its disposal resets what is open and closes all doors; it is idempotent and never throws.
 */
export interface Relay extends AsyncDisposable {
  /** A door of this session's own to `toHost:toPort`; asked for again, it is the same. Throws `INTERNAL` when no port can be opened. */
  door(session: string, toHost: string, toPort: number): Promise<RelayDoor>;
}

/** `random`: of what in faults is left to chance. */
export function createRelay(random: Random = seeded('relay')): Relay {
  const doors = new Map<string, Promise<ListeningDoor>>();
  let closing: Promise<void> | null = null;
  return {
    door: (session, toHost, toPort) => {
      if (closing) return Promise.reject(afterTheEnd(session));
      const key = JSON.stringify([session, toHost, toPort]);
      const known = doors.get(key);
      if (known) return known;
      const door = ListeningDoor.open(session, bare(toHost), toPort, random.fork(key));
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
  #affliction: Afflicted | null = null;

  static async open(session: string, toHost: string, toPort: number, random: Random): Promise<ListeningDoor> {
    // Half-open connections are the target's and the client's affair: the relay passes on what each of them does.
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    try {
      return new ListeningDoor(server, await listening(server), { host: toHost, port: toPort }, random);
    } catch (error) {
      throw new OutlastError(
        'INTERNAL',
        `expected to open a port between session ${session} and the target, and could not: ${messageOf(error)}; more sessions need a higher limit of open files (ulimit -n)`,
        { cause: error },
      );
    }
  }

  private constructor(
    server: Server,
    port: number,
    to: { host: string; port: number },
    private readonly random: Random,
  ) {
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

  afflict(fault: Fault): Affliction {
    const afflicted = new Afflicted(fault, this.random);
    for (const link of this.#links) afflicted.meet(link);
    this.#affliction = afflicted;
    return {
      met: () => afflicted.met(),
      lift: () => {
        if (this.#affliction === afflicted) this.#affliction = null;
        afflicted.lift();
      },
    };
  }

  async close(): Promise<void> {
    this.#affliction?.lift();
    this.cut();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  #accept(socket: Socket): void {
    if (this.#isCut) {
      turnAway(socket);
      return;
    }
    if (this.#affliction?.takes(socket)) return;
    const link = new Link(socket, this.#to, () => this.#links.delete(link));
    this.#links.add(link);
    this.#affliction?.meet(link);
  }
}

/** A fault of one door: on each of its connections. */
class Afflicted implements Affliction {
  readonly #parts: Affliction[] = [];
  #isLifted = false;

  constructor(
    private readonly fault: Fault,
    private readonly random: Random,
  ) {}

  meet(link: Link): void {
    this.#parts.push(link.afflict(this.fault, this.random));
  }

  /** A new connection that does not get to the target at all: one that is refused, or one to nobody. */
  takes(socket: Socket): boolean {
    const { type, attributes } = this.fault;
    const isReset = type === 'down' || (type === 'reset_peer' && attributes.timeout === 0);
    if (!isReset && type !== 'half_open') return false;
    const lift = isReset ? () => undefined : silence(socket);
    if (isReset) turnAway(socket);
    this.#parts.push({ met: () => 1, lift });
    return true;
  }

  met(): number {
    return this.#parts.reduce((sum, part) => sum + part.met(), 0);
  }

  lift(): void {
    if (this.#isLifted) return;
    this.#isLifted = true;
    for (const part of this.#parts) part.lift();
  }
}

function turnAway(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.resetAndDestroy();
}

/** Takes what is sent, and says nothing. Returns how to end that. */
function silence(socket: Socket): () => void {
  socket.on('error', () => undefined);
  socket.resume();
  return () => {
    if (!socket.destroyed) socket.resetAndDestroy();
  };
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
