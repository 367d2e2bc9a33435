import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import * as library from 'socket.io-client';
import { type Library } from '../../../../src/observe/client/socketio/line.js';
import { socketIo } from '../../../../src/observe/client/index.js';
import { means } from '../opened.js';
import { forever, messageOf } from '../seats.js';
import { SocketIoChat } from './chat-server.js';
import { chat, opened } from './opened.js';

const soon = () => ({ signal: AbortSignal.timeout(10_000) });
const withData = (message: string, data: unknown) => Object.assign(new Error(message), { data });

/** A port where something else happens to every connection. */
async function listening(act: Parameters<typeof createServer>[1] & object) {
  const server = createServer(act);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

describe('a server that refuses a session', () => {
  it.each([
    ['its words', new Error('not authorized'), 401],
    ['a status in its data', withData('go away', { status: 403 }), 403],
    ['a code in its data', withData('no', { code: 401 }), 401],
  ])('for its token, as %s say, is shown another one at once', async (_, error, status) => {
    await using server = await SocketIoChat.start({ refuse: (__, nth) => (nth === 1 ? error : undefined) });
    const { client, watcher, seat } = opened({ url: server.url });
    await using _client = client;
    await client.connect({ signal: forever });
    expect(watcher.of('refused')).toEqual([
      { kind: 'refused', at: 'sign-in', status, reason: error.message, conn: 1 },
    ]);
    expect(watcher.of('close')).toMatchObject([{ by: 'session', conn: 1 }]);
    expect(seat.refusedTokens).toEqual(['s1-1']);
    expect(watcher.of('connect').map(({ token }) => token)).toEqual(['s1-1', 's1-2']);
    expect(watcher.of('wait')).toEqual([]);
  });

  it('for another reason keeps its token, and waits between attempts', async () => {
    await using server = await SocketIoChat.start({
      refuse: (_, nth) => (nth < 3 ? new Error('busy') : undefined),
    });
    const { client, watcher, seat } = opened({ url: server.url });
    await using _client = client;
    await client.connect({ signal: forever });
    expect(watcher.of('refused').map(({ reason, status }) => [reason, status])).toEqual([
      ['busy', undefined],
      ['busy', undefined],
    ]);
    expect([seat.refusedTokens, watcher.of('wait').length]).toEqual([[], 2]);
  });

  it('is asked by a function of the config whether it was for the token', async () => {
    await using server = await SocketIoChat.start({
      refuse: (_, nth) => (nth === 1 ? withData('E17', { hint: 'stale' }) : undefined),
    });
    const { client, seat } = opened({
      url: server.url,
      unauthorized: ({ message, data }) => message === 'E17' && (data as { hint: string }).hint === 'stale',
    });
    await using _client = client;
    await client.connect({ signal: forever });
    expect(seat.refusedTokens).toEqual(['s1-1']);
  });

  it('does not have the token that it repeats written down', async () => {
    await using server = await SocketIoChat.start({
      refuse: ({ handshake }, nth) =>
        nth === 1 ? new Error(`${String(handshake.auth['token'])} is busy`) : undefined,
    });
    const { client, watcher } = opened({ url: server.url });
    await using _client = client;
    await client.connect({ signal: forever });
    expect(watcher.of('refused')).toMatchObject([{ reason: '[redacted] is busy' }]);
    expect(watcher.of('leak')).toMatchObject([{ where: 'error' }]);
  });

  it('in a room tells the reason, and the session tries again', async () => {
    await using server = await SocketIoChat.start();
    let asked = 0;
    const { client, watcher } = opened({
      url: server.url,
      joined: () => (++asked === 1 ? { refused: 'the room is full' } : {}),
    });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(watcher.of('refused')).toMatchObject([{ at: 'join', reason: 'the room is full', conn: 1 }]);
    expect(watcher.of('close')).toMatchObject([{ by: 'session', conn: 1 }]);
    expect(watcher.of('ready')).toMatchObject([{ conn: 2 }]);
  });

  it('because it has no such namespace says so', async () => {
    await using server = await SocketIoChat.start();
    const { client, watcher } = opened({ url: server.url, namespace: '/nowhere' });
    await using _ = client;
    void client.connect(soon()).catch(() => undefined);
    expect(await watcher.next('refused')).toMatchObject({ at: 'sign-in', reason: 'Invalid namespace' });
  });
});

describe('a server that cannot be spoken to', () => {
  it.each(['polling', 'websocket'] as const)(
    'at a wrong path is told with what it answered (%s)',
    async (transport) => {
      await using server = await SocketIoChat.start();
      const { client, watcher } = opened({ url: server.url, path: '/wrong', transports: [transport] });
      await using _ = client;
      void client.connect(soon()).catch(() => undefined);
      const refused = await watcher.next('refused');
      if (transport === 'polling')
        expect(refused).toMatchObject({ at: 'handshake', status: 404, reason: 'nothing here' });
      else
        expect(refused).toMatchObject({
          at: 'handshake',
          reason: expect.stringMatching(/socket hang up|40\d/),
        });
      expect(watcher.of('open')).toEqual([]);
    },
  );

  it('with a status that refuses the token has another one shown', async () => {
    await using server = await SocketIoChat.start({
      request: (_, response) =>
        server.requests.length === 1 && (response.writeHead(401).end('who are you?'), true),
    });
    const { client, watcher, seat } = opened({ url: server.url });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(watcher.of('refused')).toMatchObject([{ at: 'handshake', status: 401, reason: 'who are you?' }]);
    expect(seat.refusedTokens).toEqual(['s1-1']);
  });

  it('of another version is told with its own words', async () => {
    await using server = await SocketIoChat.start({
      request: (_, response) => (
        response.writeHead(400).end('{"code":5,"message":"Unsupported protocol version"}'),
        true
      ),
    });
    const { client, watcher } = opened({ url: server.url });
    await using _ = client;
    void client.connect(soon()).catch(() => undefined);
    expect(await watcher.next('refused')).toMatchObject({
      status: 400,
      reason: expect.stringContaining('Unsupported protocol version'),
    });
  });

  it.each(['polling', 'websocket'] as const)(
    'because it closes in the handshake is tried again (%s)',
    async (transport) => {
      await using server = await listening((socket) => socket.destroy());
      const { client, watcher } = opened({ url: server.url, transports: [transport] });
      await using _ = client;
      void client.connect(soon()).catch(() => undefined);
      await watcher.next('refused', 2);
      expect(watcher.of('refused')[0]).toMatchObject({
        at: 'handshake',
        reason: expect.stringContaining('hang up'),
      });
    },
  );

  it('because it says nothing is given up after the time for a dial', async () => {
    await using server = await listening(() => undefined);
    const { client, watcher } = opened({ url: server.url, dialTimeoutMs: 50 });
    await using _ = client;
    void client.connect(soon()).catch(() => undefined);
    expect(await watcher.next('refused', 2)).toMatchObject({ at: 'handshake', reason: 'timeout' });
  });

  it('because it confirms no room is given up after the time for a dial, and says which', async () => {
    await using server = await SocketIoChat.start();
    const { client, watcher } = opened(
      { url: server.url, dialTimeoutMs: 1_000, join: ({ room }) => ['enter', room] },
      { rooms: ['a', 'b'] },
    );
    await using _ = client;
    void client.connect(soon()).catch(() => undefined);
    expect(await watcher.next('refused')).toMatchObject({
      at: 'join',
      reason: 'expected to be in every room within 1000 ms; not confirmed: a, b',
    });
    expect(await watcher.next('close')).toMatchObject({ by: 'session' });
    await watcher.next('connect', 2);
  });

  it('without a token for now is not dialled', async () => {
    await using server = await SocketIoChat.start();
    let asked = 0;
    const { client, watcher } = opened(
      { url: server.url },
      {
        credentials: () =>
          ++asked < 3
            ? Promise.reject(new Error('no token'))
            : Promise.resolve({ token: 'late', label: 'late' }),
      },
    );
    await using _ = client;
    await client.connect({ signal: forever });
    expect(watcher.of('refused').map(({ at, reason }) => [at, reason])).toEqual([
      ['sign-in', 'no token'],
      ['sign-in', 'no token'],
    ]);
    expect(server.handshakes).toEqual([{ token: 'late', user: 'ada' }]);
  });
});

describe('a function of the config that fails', () => {
  it.each([
    ['send', { send: () => 'say' as never }, '`send`', '[event, …parameters]'],
    ['a reserved event', { send: () => ['connect'] as const }, '`send`', '[event, …parameters]'],
    [
      'acknowledge',
      {
        acknowledge: () => {
          throw new TypeError('oops');
        },
      },
      '`acknowledge`',
      'TypeError (oops)',
    ],
    ['receive', { receive: { said: () => ({ room: 1 }) as never } }, '`receive`', '{ room, text }'],
    [
      'a promise',
      { receive: { said: () => Promise.resolve(null) as never } },
      '`receive`',
      'must not be async',
    ],
    ['join', { join: () => null as never }, '`join`', '[event, …parameters]'],
    ['joined', { joined: () => 7 as never }, '`joined`', '{ head }'],
    ['auth', { auth: () => 'token' as never }, '`auth`', 'an object'],
  ])('is named: %s', async (_, options, name, words) => {
    await using server = await SocketIoChat.start();
    const { client, watcher, faults } = opened({ url: server.url, ...options });
    await using _client = client;
    const connected = client
      .connect(soon())
      .then(() => client.send(messageOf(1), { ...soon(), written: () => undefined }));
    connected.catch(() => undefined);
    await expect.poll(() => faults.length).toBe(1);
    expect(faults[0]?.code).toBe('MAPPING_FAILED');
    expect(faults[0]?.message).toContain(`expected ${name} of the client`);
    expect(faults[0]?.message).toContain(words);
    expect(faults[0]?.message).not.toContain('token-1');
    expect(watcher.of('nack')).toEqual([]);
  });

  it.each([
    [{ join: undefined }, '`joined` confirms what `join` asks for'],
    [{ retries: 3, ackTimeoutMs: 100 }, 'would keep a `join` behind what waits'],
    [{ retries: 3, join: undefined, joined: undefined }, '`retries` are made when no answer came'],
  ])('is refused where it contradicts others', (options, words) => {
    const make = () =>
      socketIo({ url: 'http://127.0.0.1', ...chat, ...options }, means(), library as Library);
    expect(make).toThrow(words);
  });
});

describe('the door', () => {
  const knock = async (server: SocketIoChat, token: string | null, options = {}) => {
    const { kind, seat } = opened({ url: server.url, ...options });
    return kind.door?.(seat, () => messageOf(1)).knock(token, { signal: AbortSignal.timeout(2_000) });
  };
  const guarded = () =>
    SocketIoChat.start({
      refuse: ({ handshake }) => (handshake.auth['token'] === 'good' ? undefined : new Error('unauthorized')),
    });

  it('lets a token in whose room is confirmed, and another one out', async () => {
    await using server = await guarded();
    expect(await knock(server, 'good')).toEqual({ let: 'in' });
    expect(await knock(server, 'forged')).toEqual({ let: 'out', status: 401 });
    expect(await knock(server, null)).toEqual({ let: 'out', status: 401 });
  });

  it('needs a probe that is acknowledged where rooms are not confirmed', async () => {
    await using server = await guarded();
    const options = { join: undefined, joined: undefined, resume: false };
    expect(await knock(server, 'good', options)).toEqual({ let: 'in' });
    expect(server.taken).toEqual([messageOf(1).message]);
  });

  it('tells nothing where nobody answers', async () => {
    await using silent = await SocketIoChat.start({ said: () => true });
    const options = { join: undefined, joined: undefined, resume: false, ackTimeoutMs: 50 };
    expect(await knock(silent, 'good', options)).toEqual({ let: 'no-answer' });
    const server = await guarded();
    await server.kill();
    expect(await knock(server, 'good')).toEqual({ let: 'no-answer' });
  });

  it('is none where nothing would show that a token was let in', () => {
    const { kind } = opened({
      url: 'http://127.0.0.1:1',
      acknowledge: false,
      join: undefined,
      joined: undefined,
    });
    expect(kind.door).toBeUndefined();
  });
});
