import { describe, expect, it } from 'vitest';
import { createRelay } from '../../../../src/observe/network/index.js';
import { forever, messageOf, patient } from '../seats.js';
import { SocketIoChat } from './chat-server.js';
import { chat, opened } from './opened.js';

const transports = [
  { transports: ['websocket'] },
  { transports: ['polling'] },
  { transports: ['polling', 'websocket'] },
] as const;

describe('a session', () => {
  it.each(transports)('enters, says, hears and leaves by $transports', async (given) => {
    await using server = await SocketIoChat.start();
    const { client, watcher } = opened({ url: server.url, ...given });
    await client.connect({ signal: forever });
    expect(watcher.events).toEqual([
      { kind: 'connect', door: 'socket.io', token: 's1-1', conn: 1 },
      { kind: 'open', conn: 1 },
      { kind: 'join', room: 'lobby', conn: 1 },
      { kind: 'joined', room: 'lobby', head: '0', conn: 1 },
      { kind: 'ready', claims: 'fresh', conn: 1 },
    ]);
    expect(await client.send(messageOf(1), patient())).toEqual({ answer: 'ack', position: '1' });
    expect(await watcher.next('receive')).toMatchObject({
      message: messageOf(1).message,
      from: 'ada',
      position: '1',
    });
    await client[Symbol.asyncDispose]();
    expect(watcher.of('close')).toEqual([{ kind: 'close', by: 'session', code: 1000, conn: 1 }]);
  });

  it('is let in when the library has changed its transport: what is cut in that moment it may take for alive', async () => {
    await using server = await SocketIoChat.start();
    const { client } = opened({ url: server.url, transports: ['polling', 'websocket'] });
    await using _ = client;
    await client.connect({ signal: forever });
    expect([...server.io.sockets.sockets.values()].map(({ conn }) => conn.transport.name)).toEqual([
      'websocket',
    ]);
  });

  it('says what a refused message was refused for', async () => {
    await using server = await SocketIoChat.start({
      said: (_, __, answer) => (answer({ error: 'too long' }), true),
    });
    const { client } = opened({ url: server.url });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toEqual({ answer: 'nack', reason: 'too long' });
  });

  it('takes any answer for a yes where no `acknowledge` reads it', async () => {
    await using server = await SocketIoChat.start({ said: (_, __, answer) => (answer(), true) });
    const { client } = opened({ url: server.url, acknowledge: undefined });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toEqual({ answer: 'ack' });
  });

  it('asks for no answer where the server gives none, and says that it lacks them', async () => {
    await using server = await SocketIoChat.start();
    const { client, kind, watcher } = opened({ url: server.url, acknowledge: false });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(kind.lacks.acknowledgements).toBe('the server answers no message (`acknowledge: false`)');
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'unsure' });
    expect(await watcher.next('receive')).toMatchObject({ message: messageOf(1).message });
  });

  it('hears all events with one function too, and acknowledges those that ask for it', async () => {
    const answers: unknown[] = [];
    await using server = await SocketIoChat.start({
      connected: (socket) =>
        socket.emit('pushed', 'lobby', messageOf(1, 'hi', '2').text, (...answer: unknown[]) =>
          answers.push(answer),
        ),
    });
    const heard: unknown[] = [];
    const { client, watcher } = opened({
      url: server.url,
      receive: (event, ...parameters) => {
        heard.push([event, parameters.length]);
        return event === 'pushed' ? { room: String(parameters[0]), text: String(parameters[1]) } : null;
      },
    });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await watcher.next('receive')).toMatchObject({ message: messageOf(1, 'hi', '2').message });
    await client.send(messageOf(2), patient());
    expect(answers).toEqual([[]]);
    expect(heard).toEqual([
      ['pushed', 2],
      ['said', 4],
    ]);
  });

  it('speaks in the namespace and at the path that it is told', async () => {
    await using server = await SocketIoChat.start({ options: { path: '/live' } });
    server.io.of('/chat').on('connection', (socket) =>
      socket.on('say', (...given: unknown[]) => {
        (given.at(-1) as (answer: object) => void)({ number: 7 });
      }),
    );
    const { client } = opened({
      ...{ url: server.url, path: '/live', namespace: '/chat' },
      ...{ join: undefined, joined: undefined, resume: false },
    });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toEqual({ answer: 'ack', position: '7' });
  });

  it('reaches the target through another address, under the target’s own name', async () => {
    await using server = await SocketIoChat.start();
    await using relay = createRelay();
    const door = await relay.door('1', '127.0.0.1', server.port);
    for (const transport of ['polling', 'websocket'] as const) {
      const { client } = opened(
        { url: server.url, transports: [transport], headers: { 'x-team': 'blue' } },
        { resolve: () => new URL(`http://127.0.0.1:${door.port}`), origin: (url) => new URL(url) },
      );
      await client.connect({ signal: forever });
      await client[Symbol.asyncDispose]();
    }
    const named = server.requests.map(({ headers }) => [headers.host, headers['x-team']]);
    expect(new Set(named.map(String))).toEqual(new Set([`127.0.0.1:${server.port},blue`]));
  });

  it('tells `auth` who connects, to which rooms, and how far it has read', async () => {
    await using server = await SocketIoChat.start();
    const { client, watcher } = opened(
      { url: server.url, auth: (token, entrant) => ({ token, ...entrant }) },
      { rooms: ['a', 'b'] },
    );
    await using _ = client;
    await client.connect({ signal: forever });
    await client.send({ ...messageOf(1), room: 'b' }, patient());
    await watcher.next('receive');
    server.io.disconnectSockets(true);
    await watcher.next('ready', 2);
    const about = { token: 'token-1', user: 'ada', rooms: ['a', 'b'] };
    expect(server.handshakes).toEqual([
      { ...about, after: null },
      { ...about, after: '1' },
    ]);
  });
});

describe('a session that comes back', () => {
  it('does so after the server has disconnected it, where the library would stay away', async () => {
    await using server = await SocketIoChat.start();
    const { client, watcher } = opened({ url: server.url });
    await using _ = client;
    await client.connect({ signal: forever });
    server.io.disconnectSockets();
    await watcher.next('ready', 2);
    // What 1000 says to plain clients: stay away.
    expect(watcher.of('close')).toEqual([
      { kind: 'close', by: 'target', code: 1000, reason: 'io server disconnect', conn: 1 },
    ]);
    expect(watcher.of('wait')).toMatchObject([{ why: 'backoff' }]);
  });

  it.each(['websocket', 'polling'] as const)(
    'tells a server that closes in good order from one that is killed (%s)',
    async (transport) => {
      const server = await SocketIoChat.start();
      const { client, watcher } = opened({ url: server.url, transports: [transport] });
      await using _ = client;
      await client.connect({ signal: forever });
      if (transport === 'polling') await server.nextRequest();
      await server[Symbol.asyncDispose]();
      expect(await watcher.next('close')).toMatchObject({ by: 'target', reason: 'transport close' });
      const next = await SocketIoChat.start({}, server.port);
      await watcher.next('ready', 2);
      await next.kill();
      expect(await watcher.next('close', 2)).toMatchObject({ by: 'network' });
      expect(watcher.of('close')[0]).not.toHaveProperty('code');
    },
  );

  it('is back after a restart, and is given what it missed', async () => {
    const before = await SocketIoChat.start();
    const { client, watcher } = opened({ url: before.url });
    await using _ = client;
    await client.connect({ signal: forever });
    await client.send(messageOf(1), patient());
    await watcher.next('receive');
    await before.kill();
    await watcher.next('refused');
    const missed = { ...messageOf(1, 'while you were away', '2'), id: messageOf(1, '', '2').message };
    const log = [...before.log, { ...missed, number: 2, from: 'bob' }];
    await using after = await SocketIoChat.start({}, before.port, log);
    expect(after.port).toBe(before.port);
    await watcher.next('ready', 2);
    expect(watcher.of('join').at(-1)).toMatchObject({ cursor: '1' });
    // A cursor was sent, and the answer said nothing of it.
    expect(watcher.of('ready').at(-1)).toMatchObject({ claims: 'unstated' });
    expect(await watcher.next('receive', 2)).toMatchObject({ message: missed.id, position: '2' });
    const refused = watcher.of('refused')[0];
    expect(refused).toMatchObject({ at: 'dial', reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('begins every attempt with `connect`, numbered, with the token of that attempt', async () => {
    const before = await SocketIoChat.start();
    const { client, watcher } = opened({ url: before.url });
    await using _ = client;
    await client.connect({ signal: forever });
    await before.kill();
    await watcher.next('refused', 3);
    await using _after = await SocketIoChat.start({}, before.port);
    await watcher.next('ready', 2);
    const attempts = watcher.of('connect');
    expect(attempts.map(({ conn }) => conn)).toEqual(attempts.map((_, index) => index + 1));
    expect(attempts.every(({ token }) => token === 's1-1')).toBe(true);
    const firsts = attempts.map(({ conn }) =>
      watcher.events.find((seen) => 'conn' in seen && seen.conn === conn),
    );
    expect(firsts.map((seen) => seen?.kind)).toEqual(attempts.map(() => 'connect'));
  });
});

describe('connection state recovery', () => {
  const recovering = { options: { connectionStateRecovery: {} } };
  const plain = { ...chat, join: undefined, joined: undefined, resume: false, recovery: true } as const;

  async function cutWhile(hears: boolean) {
    let noticed = (): void => undefined;
    const gone = new Promise<void>((resolve) => (noticed = resolve));
    const server = await SocketIoChat.start({
      ...recovering,
      connected: (socket) => {
        void socket.join('lobby');
        socket.on('disconnect', noticed);
      },
    });
    const relay = createRelay();
    const door = await relay.door('1', '127.0.0.1', server.port);
    const { client, watcher } = opened(
      { url: server.url, ...plain, transports: ['websocket'] },
      { resolve: () => new URL(`http://127.0.0.1:${door.port}`) },
    );
    await client.connect({ signal: forever });
    const say = (number: number) =>
      server.io.to('lobby').emit('said', 'lobby', messageOf(number, 'hi', '2').text, 'bob', number);
    if (hears) {
      say(1);
      await watcher.next('receive');
    }
    door.cut();
    // What a server has not noticed yet, it has not kept for a recovery.
    await Promise.all([watcher.next('close'), gone]);
    say(2);
    door.restore();
    await watcher.next('ready', 2);
    const down = async () => {
      await client[Symbol.asyncDispose]();
      await relay[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    };
    return { watcher, [Symbol.asyncDispose]: down };
  }

  it('is told as resumed where the server recovered, with what was missed', async () => {
    await using story = await cutWhile(true);
    const { watcher } = story;
    expect(watcher.of('close')).toMatchObject([{ by: 'network' }]);
    expect(watcher.of('ready').map(({ claims }) => claims)).toEqual(['fresh', 'resumed']);
    expect(await watcher.next('receive', 2)).toMatchObject({
      message: messageOf(2, '', '2').message,
      conn: expect.any(Number),
    });
  });

  it('is told as fresh where a session had heard nothing yet: it has no offset to resume from', async () => {
    await using story = await cutWhile(false);
    expect(story.watcher.of('ready').map(({ claims }) => claims)).toEqual(['fresh', 'fresh']);
    expect(story.watcher.of('join').every(({ cursor }) => cursor === undefined)).toBe(true);
  });

  it('is told as fresh after a restart, which forgot every connection', async () => {
    const joining = {
      ...recovering,
      connected: (socket: { join(room: string): unknown }) => void socket.join('lobby'),
    };
    const before = await SocketIoChat.start(joining);
    const { client, watcher, kind } = opened({ url: before.url, ...plain });
    await using _ = client;
    await client.connect({ signal: forever });
    await client.send(messageOf(1), patient());
    await watcher.next('receive');
    await before.kill();
    await using _after = await SocketIoChat.start(joining, before.port);
    await watcher.next('ready', 2);
    expect(watcher.of('ready').map(({ claims }) => claims)).toEqual(['fresh', 'fresh']);
    expect(kind.lacks.resume).toBeUndefined();
  });

  it('enters no room again that the server has restored', async () => {
    const joins: string[] = [];
    await using server = await SocketIoChat.start({
      ...recovering,
      connected: (socket) => socket.on('join', (room: string) => joins.push(room)),
    });
    const { client, watcher } = opened({ url: server.url, resume: false, recovery: true });
    await using _ = client;
    await client.connect({ signal: forever });
    await client.send(messageOf(1), patient());
    await watcher.next('receive');
    for (const socket of server.io.sockets.sockets.values()) socket.conn.close();
    expect(await watcher.next('ready', 2)).toMatchObject({ claims: 'resumed' });
    await client.send(messageOf(2), patient());
    expect(await watcher.next('receive', 2)).toMatchObject({ message: messageOf(2).message });
    expect(joins).toEqual(['lobby']);
  });
});
