import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ChatServer, refuse } from '../chat-server.js';
import { opened } from '../opened.js';
import { forever, messageOf, patient, seatAt } from '../seats.js';

/** Begins to connect and does not wait for it. */
function trying(options: Parameters<typeof opened>[0], more: Parameters<typeof opened>[1] = {}) {
  const all = opened(options, more);
  all.client.connect({ signal: forever }).catch(() => undefined);
  return all;
}

/** A server of bare TCP that does this to each socket. */
async function bare(act: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    act(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a target that misbehaves', () => {
  it('is not there: the dial is refused, and tried again', async () => {
    const gone = await ChatServer.start();
    const { url, port } = gone;
    await gone[Symbol.asyncDispose]();
    const { client, watcher } = trying({ url });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'dial',
      conn: 1,
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    await watcher.next('refused', 2);
    await using _back = await ChatServer.start({}, port);
    await watcher.next('ready');
    expect(watcher.of('close')).toEqual([]);
  });

  it('closes every socket', async () => {
    await using server = await bare((socket) => socket.destroy());
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('refused', 2)).toMatchObject({ at: 'handshake', conn: 2 });
    expect(client.connected).toBe(false);
  });

  it('answers garbage instead of HTTP', async () => {
    await using server = await bare((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'.repeat(50)));
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'handshake',
      reason: expect.stringMatching(/Parse Error/),
    });
  });

  it('accepts and says nothing: the dial ends in time', async () => {
    await using server = await bare(() => undefined);
    const { client, watcher } = trying({ url: server.url, dialTimeoutMs: 30 });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'handshake',
      reason: 'expected to be in every room within 30 ms',
    });
  });

  it('opens and confirms no room: the dial ends in time and says which room', async () => {
    await using server = await ChatServer.start({ frame: () => true });
    const { client, watcher } = trying(
      { url: server.url, dialTimeoutMs: 900 },
      { seat: { rooms: ['a', 'b'] } },
    );
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'join',
      reason: 'expected to be in every room within 900 ms; not confirmed: a, b',
    });
    expect(await watcher.next('close')).toEqual({ kind: 'close', by: 'session', conn: 1 });
  });

  it('answers the handshake with 503 and Retry-After, which is heeded', async () => {
    await using server = await ChatServer.start({
      upgrade: (_, socket, nth) => nth === 1 && refuse(socket, 503, ['retry-after: 0.05'], 'draining'),
    });
    const { client, watcher, seat } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('refused')).toEqual({
      ...{ kind: 'refused', at: 'handshake', status: 503, reason: 'draining', conn: 1 },
    });
    const wait = await watcher.next('wait');
    expect(wait.why).toBe('retry-after');
    expect(wait.ms).toBeGreaterThanOrEqual(50);
    await watcher.next('ready');
    expect(seat.refusedTokens).toEqual([]);
  });

  it('answers 401 once: another token is asked for and tried at once', async () => {
    await using server = await ChatServer.start({
      upgrade: (_, socket, nth) => nth === 1 && refuse(socket, 401),
    });
    const { client, watcher, seat } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('ready');
    expect(watcher.kinds.slice(0, 4)).toEqual(['connect', 'refused', 'connect', 'open']);
    expect(watcher.of('connect').map(({ token }) => token)).toEqual(['s1-1', 's1-2']);
    expect(watcher.of('refused')).toEqual([
      { kind: 'refused', at: 'handshake', status: 401, reason: 'no reason given', conn: 1 },
    ]);
    expect(seat.refusedTokens).toEqual(['s1-1']);
  });

  it('answers 401 always: it is not hammered', async () => {
    await using server = await ChatServer.start({ upgrade: (_, socket) => refuse(socket, 401) });
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('refused', 5);
    expect(watcher.of('wait').length).toBeGreaterThanOrEqual(3);
    expect(watcher.kinds.slice(0, 6)).toEqual([
      'connect',
      'refused',
      'connect',
      'refused',
      'wait',
      'connect',
    ]);
  });

  it('closes 4401 as soon as the session is in: it is not hammered either', async () => {
    await using server = await ChatServer.start({
      frame: (socket, { type, thread_id }) => {
        socket.send(JSON.stringify({ type: 'joined', thread_id, head: 0 }));
        socket.close(4401, 'expired');
        return type === 'join';
      },
    });
    const { client, watcher, seat } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('close', 4);
    expect(await watcher.next('close')).toEqual({
      kind: 'close',
      by: 'target',
      code: 4401,
      reason: 'expired',
      conn: 1,
    });
    expect(seat.refusedTokens.slice(0, 3)).toEqual(['s1-1', 's1-2', 's1-3']);
    expect(watcher.of('wait').length).toBeGreaterThanOrEqual(2);
  });

  it('refuses the token by a close before the room is joined', async () => {
    await using server = await ChatServer.start({
      connected: (socket, _, nth) => {
        if (nth === 1) socket.close(4401, 'bad token');
        if (nth === 2) socket.close(1008);
        return nth <= 2;
      },
    });
    const { client, watcher, seat } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('ready');
    expect(watcher.of('refused')).toEqual([
      { kind: 'refused', at: 'sign-in', status: 4401, reason: 'bad token', conn: 1 },
      { kind: 'refused', at: 'sign-in', status: 1008, reason: 'no reason given', conn: 2 },
    ]);
    expect(watcher.of('close').map(({ code, conn }) => [conn, code])).toEqual([
      [1, 4401],
      [2, 1008],
    ]);
    expect(seat.refusedTokens).toEqual(['s1-1', 's1-2']);
  });

  it.each([1000, 1001, 1008, 1009, 1011, 1012, 1013, 4000, 4403])(
    'closes %i: the session comes back',
    async (code) => {
      await using server = await ChatServer.start();
      const { client, watcher } = trying({ url: server.url });
      await using _ = client;
      await watcher.next('ready');
      for (const socket of server.clients) socket.close(code);
      expect(await watcher.next('close')).toMatchObject({ by: 'target', code, conn: 1 });
      expect(await watcher.next('ready', 2)).toMatchObject({ conn: 2 });
    },
  );

  it('vanishes without a goodbye: that is the network’s doing', async () => {
    await using server = await ChatServer.start();
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('ready');
    for (const socket of server.clients) socket.terminate();
    expect(await watcher.next('close')).toEqual({ kind: 'close', by: 'network', code: 1006, conn: 1 });
  });

  it('sends a frame of 100 MB: the connection ends before it is read', async () => {
    const huge = Buffer.alloc(100 * 1024 * 1024, 'x');
    await using server = await ChatServer.start({
      connected: (socket, _, nth) => {
        if (nth === 1) socket.send(huge);
        return false;
      },
    });
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('close')).toMatchObject({
      ...{ by: 'session', code: 1009, reason: 'the target sent a frame of more than 1048576 bytes' },
    });
    await watcher.next('ready');
  });

  it('sends text that is not UTF-8', async () => {
    await using server = await ChatServer.start({
      connected: (socket, _, nth) => {
        if (nth === 1) socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
        return false;
      },
    });
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('close')).toMatchObject({
      by: 'session',
      code: 1007,
      reason: 'the target sent text that is not UTF-8',
    });
    await watcher.next('ready');
  });

  it('sends bytes that are no WebSocket frames', async () => {
    await using server = await ChatServer.start({
      connected: (socket, request, nth) => {
        if (nth === 1) request.socket.write('HTTP/1.1 500 Oops\r\n\r\n');
        return nth === 1 && socket.readyState >= 0;
      },
    });
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    const { code, reason } = await watcher.next('close');
    expect(code).toBe(1002);
    expect(reason).toMatch(/^the target broke the protocol: /);
  });

  it('breaks the protocol and then listens to nothing: its answer to our goodbye is not waited for', async () => {
    await using server = await ChatServer.start({
      connected: (socket, request, nth) => {
        if (nth > 1) return false;
        socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
        request.socket.pause();
        return true;
      },
    });
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('close')).toMatchObject({ by: 'session', code: 1007 });
    await watcher.next('ready');
  }, 5_000);

  it('does not answer our goodbye: it is hung up on', async () => {
    await using server = await ChatServer.start();
    const { client, watcher } = trying({ url: server.url });
    await watcher.next('ready');
    for (const socket of server.clients) socket.pause();
    await client[Symbol.asyncDispose]();
    expect(client.connected).toBe(false);
  }, 5_000);

  it('sends frames that are no JSON: they are counted, noted once and said at the end', async () => {
    await using server = await ChatServer.start({
      connected: (socket) => {
        for (const garbage of ['{', 'undefined', '']) socket.send(garbage);
        for (const odd of ['null', '42', '[]', '"text"', '{"type":"chat_message"}']) socket.send(odd);
        return false;
      },
    });
    const { client, watcher, notes } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('ready');
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'ack' });
    for (const socket of server.clients) socket.close(1012, 'restart');
    expect(await watcher.next('close')).toMatchObject({
      code: 1012,
      reason: 'restart; a frame was no JSON (3 times)',
    });
    await watcher.next('ready', 2);
    expect(notes).toEqual(['websocket: a frame was no JSON']);
  });

  it('echoes the token in an answer and in a close reason: it is taken out, and told as a leak', async () => {
    await using server = await ChatServer.start({
      upgrade: (_, socket, nth) => nth === 1 && refuse(socket, 500, [], 'cannot parse "token-1"'),
    });
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect((await watcher.next('refused')).reason).toBe('cannot parse "[redacted]"');
    await watcher.next('ready');
    for (const socket of server.clients) socket.close(4000, 'bye token-1');
    expect((await watcher.next('close')).reason).toBe('bye [redacted]');
    expect(watcher.of('leak').map(({ where }) => where)).toEqual(['error', 'close']);
    expect(JSON.stringify(watcher.events)).not.toContain('token-1');
  });

  it('gives no token: the attempt fails without a connection, and is made again', async () => {
    await using server = await ChatServer.start();
    let asked = 0;
    const credentials = () =>
      ++asked === 1 ? Promise.reject(new Error('auth is away')) : seatAt().credentials({ signal: forever });
    const { client, watcher } = trying({ url: server.url }, { seat: { credentials } });
    await using _ = client;
    await watcher.next('ready');
    expect(watcher.events.slice(0, 3)).toEqual([
      { kind: 'refused', at: 'sign-in', reason: 'auth is away' },
      { kind: 'wait', why: 'backoff', ms: expect.any(Number) },
      { kind: 'connect', door: 'websocket', token: 's1-1', conn: 1 },
    ]);
  });

  it('stays away for too long: a session that was told to gives up, with the reason', async () => {
    await using server = await bare((socket) => socket.destroy());
    const { client } = opened({ url: server.url }, { reconnection: { giveUpAfterMs: 40 } });
    await using _ = client;
    await expect(client.connect({ signal: forever })).rejects.toMatchObject({
      code: 'TARGET_GONE',
      message: expect.stringMatching(
        /session 1 to be connected within 40 ms; it was not, after \d+ attempts/,
      ),
    });
  });

  it('is given a token that fits in no handshake: it is refused without a word of the token', async () => {
    await using server = await ChatServer.start();
    const credentials = () => Promise.resolve({ token: 'not a\nprotocol', label: 's1-1' });
    for (const token of ['subprotocol', 'header'] as const) {
      const { client, watcher } = trying({ url: server.url, token }, { seat: { credentials } });
      await using _ = client;
      const { at, reason } = await watcher.next('refused');
      expect(at).toBe('dial');
      expect(reason).not.toContain('not a');
    }
  });
});
