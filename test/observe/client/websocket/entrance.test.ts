import { once } from 'node:events';
import { createServer, type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { TokenPlace, WebSocketOptions } from '../../../../src/observe/client/index.js';
import { entranceOf } from '../../../../src/observe/client/websocket/entrance.js';
import { ChatServer } from '../chat-server.js';
import { opened } from '../opened.js';
import { forever, seatAt } from '../seats.js';

const url = 'ws://127.0.0.1:{port:backend}/ws?v=1';
const enter = (options: Partial<WebSocketOptions>, token: string | null = 'a.b.c', seat = seatAt()) =>
  entranceOf(
    { url, ...options },
    {
      seat: { ...seat, resolve: (text) => new URL(text.replace('{port:backend}', '8001')) },
      credentials: token === null ? null : { token, label: 'x' },
      cursors: new Map(),
      signal: forever,
      observe: () => undefined,
    },
  );

describe('how a token travels', () => {
  it.each<[TokenPlace | undefined, object]>([
    [undefined, { url: new URL('ws://127.0.0.1:8001/ws?v=1&token=a.b.c') }],
    ['query', { url: new URL('ws://127.0.0.1:8001/ws?v=1&token=a.b.c') }],
    [{ query: 'access_token' }, { url: new URL('ws://127.0.0.1:8001/ws?v=1&access_token=a.b.c') }],
    ['header', { headers: { host: '127.0.0.1:8001', authorization: 'Bearer a.b.c' } }],
    [{ header: 'x-auth' }, { headers: { host: '127.0.0.1:8001', 'x-auth': 'a.b.c' } }],
    [{ header: 'x-auth', prefix: 'JWT ' }, { headers: { host: '127.0.0.1:8001', 'x-auth': 'JWT a.b.c' } }],
    ['subprotocol', { protocols: ['chat', 'bearer.a.b.c'] }],
    [{ subprotocol: (token) => ['v2', token] }, { protocols: ['v2', 'a.b.c'] }],
    ['first-frame', { firstFrame: '{"type":"hello","token":"a.b.c"}' }],
    [{ firstFrame: (token) => ({ auth: token }) }, { firstFrame: '{"auth":"a.b.c"}' }],
  ])('in %j', (token, expected) => {
    const entrance = enter({ token });
    expect(entrance).toMatchObject(expected);
    // In one place only.
    expect(JSON.stringify(entrance).split('a.b.c')).toHaveLength(2);
  });

  it.each(['query', 'header', 'subprotocol', 'first-frame'] as const)(
    'not at all, where there is none: %s',
    (token) => {
      const entrance = enter({ token }, null);
      expect(entrance.url.href).toBe('ws://127.0.0.1:8001/ws?v=1');
      expect(entrance.headers).toEqual({ host: '127.0.0.1:8001' });
      expect(entrance.protocols).toEqual(token === 'subprotocol' ? ['chat'] : []);
      expect(entrance).not.toHaveProperty('firstFrame');
    },
  );

  it('beside the headers and the subprotocols of the options', () => {
    const entrance = enter({ token: 'subprotocol', protocols: ['v3'], headers: { 'x-app': '1' } });
    expect(entrance.protocols).toEqual(['v3', 'bearer.a.b.c']);
    expect(entrance.headers).toEqual({ host: '127.0.0.1:8001', 'x-app': '1' });
  });

  it.each(['query', 'header', 'subprotocol', 'first-frame'] as const)(
    'over a real connection: %s',
    async (token) => {
      await using server = await ChatServer.start();
      const { client } = opened({ url: server.url, token });
      await using _ = client;
      await client.connect({ signal: forever });
      const [request] = server.requests;
      const seen = [request?.url, request?.headers.authorization, request?.headers['sec-websocket-protocol']];
      expect([...seen, ...server.frames.map((frame) => frame.token)].join(' ')).toContain('token-1');
      expect(server.frames.at(-1)).toEqual({ type: 'join', thread_id: 'lobby' });
    },
  );
});

describe('where a relay stands between', () => {
  it('the target still hears its own name, in the Host header and for TLS', () => {
    const seat = seatAt({ origin: () => new URL('wss://chat.example:8443/ws') });
    const entrance = enter({}, null, seat);
    expect(entrance.headers['host']).toBe('chat.example:8443');
    expect(entrance.serverName).toBe('chat.example');
    expect(entrance.url.host).toBe('127.0.0.1:8001');
  });

  it('an address is no server name', () => {
    expect(enter({})).not.toHaveProperty('serverName');
    expect(enter({}, null, seatAt({ origin: () => new URL('wss://[::1]/ws') }))).not.toHaveProperty(
      'serverName',
    );
  });

  it('the connection goes through it', async () => {
    await using server = await ChatServer.start();
    const sockets: Socket[] = [];
    const relay = createServer((near) => {
      const far = connect(server.port, '127.0.0.1');
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) sockets.push(socket.on('error', () => undefined));
    }).listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const seat = {
      resolve: () => new URL(`ws://127.0.0.1:${(relay.address() as AddressInfo).port}/ws`),
      origin: () => new URL(server.url),
    };
    const { client, watcher } = opened({ url: 'ws://target/ws' }, { seat });
    await client.connect({ signal: forever });
    expect(server.requests[0]?.headers.host).toBe(`127.0.0.1:${server.port}`);
    for (const socket of sockets) socket.resetAndDestroy();
    expect(await watcher.next('close')).toMatchObject({ by: 'network', code: 1006 });
    await client[Symbol.asyncDispose]();
    relay.close();
  });
});
