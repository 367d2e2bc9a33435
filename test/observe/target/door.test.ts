import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addressOf } from '../../../src/observe/target/address.js';
import { lookAt } from '../../../src/observe/target/door.js';
import { freePort } from '../../../src/system/index.js';

const { signal } = new AbortController();

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

const look = (ready: string, instance?: string) => lookAt(addressOf(ready, 'backend'), instance, signal);
const lookAtHttp = async (listener: RequestListener, instance?: string) =>
  look(`http://127.0.0.1:${await listening(createHttpServer(listener))}/health`, instance);
const lookAtTcp = async (connected: (socket: Socket) => void, instance?: string) =>
  look(`http://127.0.0.1:${await listening(createServer(connected))}/`, instance);

const ready = { up: true, ready: true, refused: false };
const unready = { up: true, ready: false, refused: false };

describe('a look at a door', () => {
  it('is ready at any 2xx, and at nothing else', async () => {
    for (const status of [200, 204, 299]) {
      expect(await lookAtHttp((_request, response) => response.writeHead(status).end())).toEqual(ready);
    }
    for (const status of [301, 401, 404, 500, 503]) {
      const answer = await lookAtHttp((_request, response) => response.writeHead(status).end());
      expect(answer).toEqual({ ...unready, reason: `status ${status}` });
    }
  });

  it('reads the instance from a field, however deep, or from a header', async () => {
    const listener: RequestListener = (_request, response) => {
      response.writeHead(200, { 'X-Instance': 'i-1' }).end('{"boot":"b-1","pid":7,"deep":{"er":"d-1"}}');
    };
    const told = async (instance: string) => (await lookAtHttp(listener, instance)).instance;
    expect(await told('boot')).toBe('b-1');
    expect(await told('pid')).toBe('7');
    expect(await told('deep.er')).toBe('d-1');
    expect(await told('header:x-instance')).toBe('i-1');
    expect(await told('header:X-Instance')).toBe('i-1');
  });

  it('is not ready without the instance that was promised', async () => {
    const answer = (text: string | Buffer, instance: string) =>
      lookAtHttp((_request, response) => response.end(text), instance);
    const field = {
      ...unready,
      reason: 'status 200, but without JSON with the field boot, which names the instance',
    };
    expect(await answer('<html>', 'boot')).toEqual(field);
    expect(await answer('{"boot":null}', 'boot')).toEqual(field);
    expect(await answer('{"boot":{"toString":1}}', 'boot')).toEqual(field);
    expect(await answer('[]', '__proto__.constructor.name')).toMatchObject(unready);
    expect(await answer(Buffer.from([0xff, 0xfe, 0x7b]), 'boot')).toEqual(field);
    expect(await answer('{}', 'header:x-instance')).toMatchObject({
      reason: expect.stringContaining('the header x-instance'),
    });
  });

  it('tells the instance also of an answer that is not ready', async () => {
    const draining: RequestListener = (_request, response) => response.writeHead(503).end('{"boot":"b-1"}');
    expect(await lookAtHttp(draining, 'boot')).toEqual({ ...unready, instance: 'b-1', reason: 'status 503' });
  });

  it('is refused where nobody listens, at every address of a name', async () => {
    const port = await freePort();
    const nobody = { up: false, ready: false, refused: true, reason: 'connection refused' };
    for (const address of [
      `http://127.0.0.1:${port}/`,
      `tcp://127.0.0.1:${port}`,
      `http://localhost:${port}/`,
    ]) {
      expect(await look(address)).toEqual(nobody);
    }
  });

  it('is up, not ready, where sockets are closed, cut or answered with something else', async () => {
    expect(await lookAtTcp((socket) => socket.end())).toMatchObject(unready);
    expect(await lookAtTcp((socket) => socket.resetAndDestroy())).toMatchObject(unready);
    expect(await lookAtTcp((socket) => socket.end('hello\r\n\r\n'))).toEqual({
      ...unready,
      reason: 'an answer that is not HTTP',
    });
    const cut = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"boot":';
    expect(await lookAtTcp((socket) => socket.end(cut), 'boot')).toMatchObject(unready);
  });

  it('waits a second at most', async () => {
    const reason = 'connected, but no answer within 1000 ms';
    expect(await lookAtTcp(() => undefined)).toEqual({ ...unready, reason });
  });

  it('does not read an answer without an end', async () => {
    let sent = 0;
    const answer = await lookAtHttp((_request, response) => {
      response.writeHead(200);
      const chunk = 'x'.repeat(64 * 1024);
      const more = () => {
        while (!response.destroyed && sent < 100 * 1024 * 1024) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    }, 'boot');
    expect(answer).toMatchObject(unready);
    expect(sent).toBeLessThan(50 * 1024 * 1024);
  });

  it('knocks where there is no HTTP', async () => {
    const port = await listening(createServer());
    expect(await look(`tcp://127.0.0.1:${port}`)).toEqual(ready);
  });

  it('uses another connection each time', async () => {
    let connections = 0;
    const server = createHttpServer((_request, response) => response.end());
    server.on('connection', () => connections++);
    const port = await listening(server);
    for (let time = 0; time < 3; time++) await look(`http://127.0.0.1:${port}/`);
    expect(connections).toBe(3);
  });
});
