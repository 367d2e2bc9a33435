import {
  request as ask,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import type { Logger } from '../logger.js';
import type { Choice, Pool, Replica } from './pool.js';

export interface PassageOptions {
  readonly pool: Pool;
  readonly choose: Choice;
  /** A connection on which nothing was said for so long is ended. Longer than the pauses between a service's pings. */
  readonly idleMs: number;
  readonly logger: Logger;
}

/** How long a replica may take to take a connection. */
const connectMs = 1_000;
/** How long a side that was told the end may take to close. */
const goodbyeMs = 1_000;
/** What is between us and one of our neighbours only. Source: RFC 9110, 7.6.1. */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Passes requests and WebSockets on to a replica, and what it says back. */
export class Passage {
  readonly #options: PassageOptions;
  readonly #tunnels = new Set<() => void>();

  constructor(options: PassageOptions) {
    this.#options = options;
  }

  /** Those that are open. */
  get tunnels(): number {
    return this.#tunnels.size;
  }

  /** Ends every tunnel: what is inside it cannot be told goodbye by us. */
  cut(): void {
    for (const end of this.#tunnels) end();
  }

  /** Answers a request with what a replica answers. Never rejects. */
  async request(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const reached = await this.#reach(incoming);
    if (!reached) return nobody(outgoing);
    const { replica, socket } = reached;
    replica.held += 1;
    outgoing.once('close', () => {
      replica.held -= 1;
      socket.destroy();
    });
    const { method, url: path } = incoming;
    const asking = ask({ method, path, headers: headersOf(incoming), createConnection: () => socket });
    asking.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, ownHeaders(answer.headers));
      // A stream is passed on as it comes, and what breaks off in the middle breaks off for its reader too.
      outgoing.flushHeaders();
      pipeline(answer, outgoing, () => undefined);
    });
    // Part of it may have been done: whoever asked has to decide whether to ask again.
    asking.on('error', () => (outgoing.headersSent ? outgoing.destroy() : refuse(outgoing, 502)));
    incoming.pipe(asking);
  }

  /** Joins an upgraded connection with one to a replica, byte by byte. Never rejects. */
  async upgrade(incoming: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    client.on('error', () => client.destroy());
    const reached = await this.#reach(incoming);
    if (!reached || client.destroyed) {
      reached?.socket.destroy();
      return void client.end(
        'HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\r\n',
      );
    }
    const { replica, socket } = reached;
    socket.write(headOf(incoming));
    if (head.length > 0) socket.write(head);
    this.#join(replica, client, socket);
  }

  #join(replica: Replica, client: Duplex, socket: Socket): void {
    const { idleMs } = this.#options;
    replica.held += 1;
    const end = (): void => {
      client.destroy();
      socket.destroy();
      if (this.#tunnels.delete(end)) replica.held -= 1;
    };
    this.#tunnels.add(end);
    // What the client says is written here, and what the replica says is read here: one timer sees both.
    socket.setTimeout(idleMs, end);
    flow(socket, client, end);
    flow(client, socket, end);
  }

  /** A connection to a replica; one that cannot be reached is taken out, and another is tried. Null: there is none. */
  async #reach(
    incoming: IncomingMessage,
  ): Promise<{ readonly replica: Replica; readonly socket: Socket } | null> {
    const { pool, choose, logger } = this.#options;
    const tried = new Set<Replica>();
    for (;;) {
      const replica = choose(pool.replicas, tried, incoming);
      if (!replica) return null;
      tried.add(replica);
      const socket = await connected(replica);
      if (socket) return { replica, socket };
      logger.warn({ replica: `${replica.host}:${replica.port}` }, 'cannot be reached');
      pool.eject(replica);
    }
  }
}

/** What one side said last still reaches the other, such as a goodbye; who broke off is broken off there too. */
function flow(from: Duplex, to: Duplex, end: () => void): void {
  from.on('error', end);
  from.once('close', () => {
    if (!from.readableEnded) return end();
    to.end();
    setTimeout(end, goodbyeMs).unref();
  });
  from.pipe(to);
}

function connected({ host, port }: Replica): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, timeout: connectMs });
    const fail = (): void => {
      socket.destroy();
      resolve(null);
    };
    socket.once('timeout', fail).once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0).off('timeout', fail).off('error', fail);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

/** The head of a request as it came, with who asked. */
function headOf({ method, url, rawHeaders, socket }: IncomingMessage): string {
  const lines = [`${method ?? 'GET'} ${url ?? '/'} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${[...lines, `x-forwarded-for: ${socket.remoteAddress ?? ''}`].join('\r\n')}\r\n\r\n`;
}

const headersOf = ({ headers, socket }: IncomingMessage): OutgoingHttpHeaders => ({
  ...ownHeaders(headers),
  'x-forwarded-for': socket.remoteAddress ?? '',
});

const ownHeaders = (headers: IncomingMessage['headers']): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));

const nobody = (outgoing: ServerResponse): void => {
  outgoing.setHeader('retry-after', '1');
  refuse(outgoing, 503);
};

function refuse(outgoing: ServerResponse, status: 502 | 503): void {
  const error = { code: 'unavailable', message: 'No replica could answer.' };
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ error }));
}
