import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Relay } from '../../../src/observe/network/index.js';
import { createRelay } from '../../../src/observe/network/index.js';

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

/** A real server that keeps what it accepts. */
class Target {
  readonly server: Server;
  readonly #all = new Set<Socket>();
  readonly #accepted: Socket[] = [];
  readonly #waiting: ((socket: Socket) => void)[] = [];

  constructor() {
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#all.add(socket.on('error', () => undefined));
      const waiting = this.#waiting.shift();
      if (waiting) waiting(socket);
      else this.#accepted.push(socket);
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  next(): Promise<Socket> {
    const socket = this.#accepted.shift();
    return socket ? Promise.resolve(socket) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  async listen(host: string): Promise<void> {
    this.server.listen(0, host);
    await once(this.server, 'listening');
  }

  async close(): Promise<void> {
    for (const socket of this.#all) socket.destroy();
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }

  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.getConnections((error, count) => {
        if (error) reject(error);
        else resolve(count);
      });
    });
  }
}

/** How a socket ended: with the other's end, or with an error's code. */
const endOf = (socket: Socket) =>
  new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    socket.once('end', () => {
      resolve('end');
    });
    socket.resume();
  });

/** All that arrives until the other side's end. (A loop over the socket would also close what is left of it.) */
async function textOf(socket: Socket): Promise<string> {
  let got = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    got += part;
  });
  await once(socket, 'end');
  return got;
}

function dial(to: { host: string; port: number }): Socket {
  const socket = connect({ host: to.host, port: to.port, allowHalfOpen: true });
  clients.push(socket.on('error', () => undefined));
  return socket;
}

let target: Target;
let relay: Relay;
const clients: Socket[] = [];

beforeEach(async () => {
  target = new Target();
  await target.listen('127.0.0.1');
  relay = createRelay();
});

afterEach(async () => {
  await relay[Symbol.asyncDispose]();
  for (const client of clients.splice(0)) client.destroy();
  await target.close();
});

async function through(session = '1') {
  const door = await relay.door(session, '127.0.0.1', target.port);
  const client = dial(door);
  const server = await target.next();
  return { door, client, server };
}

describe('the relay', () => {
  it('passes bytes on, both ways and unchanged', async () => {
    const { client, server } = await through();
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251));
    const got = (async () => {
      const parts: Buffer[] = [];
      for await (const part of client) parts.push(part as Buffer);
      return Buffer.concat(parts);
    })();
    client.end(sent);
    server.pipe(server);
    expect((await got).equals(sent)).toBe(true);
  });

  it('passes an end on and leaves the other direction open', async () => {
    const { client, server } = await through();
    client.end('question');
    expect(await textOf(server)).toBe('question');
    expect(client.readableEnded).toBe(false);
    server.end('answer after the end');
    expect(await textOf(client)).toBe('answer after the end');
  });

  it('passes on that one side was reset', async () => {
    const first = await through();
    const firstEnd = endOf(first.client);
    first.server.resetAndDestroy();
    expect(await firstEnd).toBe('ECONNRESET');

    const second = await through();
    const secondEnd = endOf(second.server);
    second.client.resetAndDestroy();
    expect(await secondEnd).toBe('ECONNRESET');
  });

  it('resets a client where nobody answers behind it', async () => {
    const door = await relay.door('1', '127.0.0.1', target.port);
    await target.close();
    const client = dial(door);
    expect(await endOf(client)).toBe('ECONNRESET');
  });

  it('makes a fast sender wait for a slow reader', async () => {
    const { client, server } = await through();
    server.pause();
    const piece = Buffer.alloc(64 * 1024);
    let sent = 0;
    // Until the network takes no more: buffers of sockets are some megabytes, not some hundred.
    while (sent < 512 * 1024 * 1024) {
      sent += piece.length;
      if (client.write(piece)) continue;
      const drained = await Promise.race([
        once(client, 'drain').then(() => true),
        new Promise<false>((resolve) => setTimeout(resolve, 1_000, false)),
      ]);
      if (!drained) break;
    }
    expect(sent).toBeLessThan(128 * 1024 * 1024);
    client.end();
    let received = 0;
    for await (const part of server) received += (part as Buffer).length;
    expect(received).toBe(sent);
  });

  it.runIf(hasIpv6)('reaches an IPv6 address as URLs write it', async () => {
    const other = new Target();
    await other.listen('::1');
    const door = await relay.door('1', '[::1]', other.port);
    const client = dial(door);
    (await other.next()).end('over IPv6');
    expect(await textOf(client)).toBe('over IPv6');
    await other.close();
  });

  it('gives a session one door to an address, and every session its own', async () => {
    const [door, again, other] = await Promise.all([
      relay.door('1', '127.0.0.1', target.port),
      relay.door('1', '127.0.0.1', target.port),
      relay.door('2', '127.0.0.1', target.port),
    ]);
    expect(again).toBe(door);
    expect(other.port).not.toBe(door.port);
  });
});

describe('a cut', () => {
  it('resets both sides without a goodbye, and only this session', async () => {
    const cut = await through('1');
    const kept = await through('2');
    const ends = Promise.all([endOf(cut.client), endOf(cut.server)]);
    cut.door.cut();
    expect(await ends).toEqual(['ECONNRESET', 'ECONNRESET']);

    kept.client.end('still here');
    expect(await textOf(kept.server)).toBe('still here');
  });

  it('loses what was on its way', async () => {
    const { door, client, server } = await through();
    server.pause();
    client.write(Buffer.alloc(8 * 1024 * 1024));
    const end = endOf(client);
    door.cut();
    expect(await end).toBe('ECONNRESET');
  });

  it('resets new connections until it is restored, and the target sees none of them', async () => {
    const { door } = await through();
    door.cut();
    door.cut();
    for (let attempt = 0; attempt < 3; attempt++) expect(await endOf(dial(door))).toBe('ECONNRESET');
    door.restore();
    const client = dial(door);
    client.end('back');
    // The next that the target accepted is this one: the three before never came through.
    expect(await textOf(await target.next())).toBe('back');
  });
});

describe('the end of the relay', () => {
  it('resets what is open, closes every door and can be asked for twice', async () => {
    const { door, client, server } = await through();
    const ends = Promise.all([endOf(client), endOf(server)]);
    await Promise.all([relay[Symbol.asyncDispose](), relay[Symbol.asyncDispose]()]);
    expect(await ends).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(await endOf(dial(door))).toBe('ECONNREFUSED');
    await expect(relay.door('1', '127.0.0.1', target.port)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('leaves no connection at the target, however connections ended', async () => {
    for (let round = 0; round < 50; round++) {
      const { client, server } = await through(`${round % 5}`);
      const ended = endOf(server);
      if (round % 3 === 0) client.destroy();
      else if (round % 3 === 1) client.resetAndDestroy();
      else client.end();
      await ended;
      if (!server.destroyed) server.end();
      if (!server.closed) await once(server, 'close');
    }
    expect(await target.connections()).toBe(0);
  });
});
