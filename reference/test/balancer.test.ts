import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { balancerConfiguration } from '../src/configuration.js';
import { balancerParts, startBalancer, type RunningBalancer } from '../src/balancer/service.js';

const logger = pino({ level: 'silent' });
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A real replica: says its name to every request and every WebSocket, and repeats what it hears. */
class Replica {
  ready = true;
  readonly server: Server;
  readonly sockets = new Set<WebSocket>();

  constructor(readonly name: string) {
    const upgrades = new WebSocketServer({ noServer: true });
    this.server = createServer((request, response) => {
      if (request.url === '/ready') return void response.writeHead(this.ready ? 200 : 503).end();
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => response.writeHead(201, { 'x-name': this.name }).end(Buffer.concat(chunks)));
    });
    this.server.on('upgrade', (request, socket, head) =>
      upgrades.handleUpgrade(request, socket, head, (webSocket) => {
        this.sockets.add(webSocket);
        webSocket.on('close', () => this.sockets.delete(webSocket));
        webSocket.on('message', (data: Buffer) => webSocket.send(`${this.name}: ${String(data)}`));
      }),
    );
  }

  async listen(port = 0): Promise<string> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    undo.push(() => this.stop());
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((done) => this.server.close(done));
  }
}

async function balance(
  replicas: readonly string[],
  more: Record<string, string> = {},
): Promise<RunningBalancer> {
  const configuration = balancerConfiguration({
    PORT: '0',
    CHECK_MS: '20',
    REPLICAS: replicas.join(','),
    ...more,
  });
  const balancer = await startBalancer(balancerParts(configuration, logger), configuration, logger);
  undo.push(() => balancer.drain(AbortSignal.abort()));
  return balancer;
}

async function dial({ port }: RunningBalancer): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  await once(socket, 'open');
  undo.push(() => socket.terminate());
  return socket;
}

async function said(socket: WebSocket, text: string): Promise<string> {
  socket.send(text);
  const [data] = (await once(socket, 'message')) as [Buffer];
  return String(data);
}

const statusOf = async (port: number, path = '/-/ready') =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).status;

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the balancer', () => {
  it('passes requests on, with their bodies and what was answered', async () => {
    const { port } = await balance([await new Replica('one').listen()]);
    const answer = await fetch(`http://127.0.0.1:${port}/any`, { method: 'POST', body: 'a body' });
    expect([answer.status, answer.headers.get('x-name'), await answer.text()]).toEqual([
      201,
      'one',
      'a body',
    ]);
  });

  it('sends each WebSocket to the replica with the fewest', async () => {
    const [one, two] = [new Replica('one'), new Replica('two')];
    const balancer = await balance([await one.listen(), await two.listen()]);
    for (let count = 0; count < 6; count++) await dial(balancer);
    expect([one.sockets.size, two.sockets.size]).toEqual([3, 3]);
  });

  it('sends nobody to a replica that is not ready, and lets those that are there stay', async () => {
    const [one, two] = [new Replica('one'), new Replica('two')];
    const balancer = await balance([await one.listen(), await two.listen()]);
    const there = [await dial(balancer), await dial(balancer)];
    one.ready = false;
    // By load alone they would never be so far apart.
    while (two.sockets.size - one.sockets.size < 3) await dial(balancer);
    expect(new Set(await Promise.all(there.map((socket) => said(socket, 'still')))).size).toBe(2);
  });

  it('tries another replica when one cannot be reached, before any check says so', async () => {
    const [one, two] = [new Replica('one'), new Replica('two')];
    const balancer = await balance([await one.listen(), await two.listen()], { CHECK_MS: '60000' });
    await one.stop();
    const sockets = [await dial(balancer), await dial(balancer), await dial(balancer)];
    expect(await Promise.all(sockets.map((socket) => said(socket, 'x')))).toEqual([
      'two: x',
      'two: x',
      'two: x',
    ]);
    expect(await statusOf(balancer.port, '/any')).toBe(201);
  });

  it('takes a replica in again when it is ready', async () => {
    const one = new Replica('one');
    const url = await one.listen();
    const { port } = one;
    const balancer = await balance([url]);
    await one.stop();
    await until(async () => (await statusOf(balancer.port)) === 503);
    expect(await statusOf(balancer.port, '/any')).toBe(503);
    await new Replica('again').listen(port);
    await until(async () => (await statusOf(balancer.port)) === 200);
    expect(await said(await dial(balancer), 'x')).toBe('again: x');
  });

  it('passes on how a replica says goodbye', async () => {
    const one = new Replica('one');
    const balancer = await balance([await one.listen()]);
    const socket = await dial(balancer);
    const closed = once(socket, 'close');
    for (const each of one.sockets) each.close(1012, 'service restart');
    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, String(reason)]).toEqual([1012, 'service restart']);
  });

  it('breaks off where a side broke off', async () => {
    const one = new Replica('one');
    const balancer = await balance([await one.listen()]);
    const socket = await dial(balancer);
    const closed = once(socket, 'close');
    for (const each of one.sockets) each.terminate();
    expect(((await closed) as [number])[0]).toBe(1006);
    (await dial(balancer)).terminate();
    await until(() => one.sockets.size === 0);
  });

  it('ends a connection on which nothing is said, and not one on which something is', async () => {
    const one = new Replica('one');
    const balancer = await balance([await one.listen()], { IDLE_SECONDS: '1' });
    const [quiet, talking] = [await dial(balancer), await dial(balancer)];
    const closed = once(quiet, 'close');
    const talk = setInterval(() => talking.send('x'), 50);
    undo.push(() => clearInterval(talk));
    await closed;
    expect(talking.readyState).toBe(WebSocket.OPEN);
  });

  it('takes nobody in while it leaves, and waits for those inside', async () => {
    const balancer = await balance([await new Replica('one').listen()]);
    const socket = await dial(balancer);
    const left = balancer.drain(new AbortController().signal);
    await expect(fetch(`http://127.0.0.1:${balancer.port}/any`)).rejects.toThrow();
    expect(await said(socket, 'still')).toBe('one: still');
    socket.close();
    await left;
  });
});
