import { describe, expect, it } from 'vitest';
import { ChatServer } from '../chat-server.js';
import { opened } from '../opened.js';
import { forever, messageOf, patient } from '../seats.js';
import { tagOf } from '../../../../src/history/tag.js';

const connected = async (url: string, more: Parameters<typeof opened>[1] = {}) => {
  const all = opened({ url }, more);
  await all.client.connect({ signal: forever });
  return all;
};

describe('a session that speaks the mission’s own protocol', () => {
  it('lacks nothing, comes back by itself and refuses what it is offered while it is away', () => {
    const { kind } = opened({ url: 'ws://127.0.0.1:1/ws' });
    expect(kind).toMatchObject({
      name: 'websocket',
      lacks: {},
      reconnects: 'itself',
      offlineSend: 'refused',
    });
  });

  it('tells how it came in, connection by connection, with the label of its token and never the token', async () => {
    await using server = await ChatServer.start();
    const { client, watcher } = await connected(server.url);
    await using _ = client;
    expect(watcher.events).toEqual([
      { kind: 'connect', door: 'websocket', token: 's1-1', conn: 1 },
      { kind: 'open', instance: 'boot-1', conn: 1 },
      { kind: 'join', room: 'lobby', conn: 1 },
      { kind: 'joined', room: 'lobby', head: '0', conn: 1 },
      { kind: 'ready', claims: 'fresh', conn: 1 },
    ]);
    expect(client.connected).toBe(true);
    expect(JSON.stringify(watcher.events)).not.toContain('token-1');
  });

  it('matches an answer with its message, and receives what is said with its identity', async () => {
    await using server = await ChatServer.start();
    const { client, watcher } = await connected(server.url);
    await using _ = client;
    const message = messageOf(1);
    let written = 0;
    const answer = await client.send(message, { signal: forever, written: () => written++ });
    expect(answer).toEqual({ answer: 'ack', id: message.message, position: '1' });
    expect(written).toBe(1);
    expect(await watcher.next('receive')).toEqual({
      kind: 'receive',
      room: 'lobby',
      message: message.message,
      digest: `digest of ${message.text.length}`,
      from: 'ada',
      id: message.message,
      position: '1',
      conn: 1,
    });
  });

  it('answers several attempts of one message one by one', async () => {
    await using server = await ChatServer.start();
    const { client } = await connected(server.url);
    await using _ = client;
    const answers = await Promise.all([1, 2, 3].map(() => client.send(messageOf(1), patient())));
    expect(answers.map((answer) => 'position' in answer && answer.position)).toEqual(['1', '2', '3']);
  });

  it('takes an error for a message as refused for good, without our token in the reason', async () => {
    await using server = await ChatServer.start({
      frame: (socket, { type, id }) => {
        if (type !== 'chat_message') return false;
        socket.send(JSON.stringify({ type: 'error', id, code: 'conflict', message: 'no, token-1' }));
        return true;
      },
    });
    const { client, watcher } = await connected(server.url);
    await using _ = client;
    expect(await client.send(messageOf(1), patient())).toEqual({
      answer: 'nack',
      reason: 'conflict: no, [redacted]',
    });
    expect(watcher.of('leak')).toEqual([{ kind: 'leak', where: 'frame', conn: 1 }]);
  });

  it('is unsure of a message whose answer is overdue, and ignores the answer that comes later', async () => {
    const late: (() => void)[] = [];
    await using server = await ChatServer.start({
      frame: (socket, { type, id }) => {
        if (type !== 'chat_message') return false;
        late.push(() => socket.send(JSON.stringify({ type: 'ack', id, number: 1 })));
        return true;
      },
    });
    const { client, watcher } = await connected(server.url);
    await using _ = client;
    const overdue = new AbortController();
    const answer = client.send(messageOf(1), { signal: overdue.signal, written: () => undefined });
    overdue.abort();
    expect(await answer).toEqual({ answer: 'unsure', reason: 'no answer came in time' });
    const second = client.send(messageOf(2), patient());
    await watcher.until(() => true);
    await expect.poll(() => late.length).toBe(2);
    for (const say of late) say();
    expect(await second).toMatchObject({ answer: 'ack' });
  });

  it('writes nothing that it is too late for', async () => {
    await using server = await ChatServer.start();
    const { client } = await connected(server.url);
    await using _ = client;
    const answer = await client.send(messageOf(1), {
      signal: AbortSignal.abort(),
      written: () => expect.unreachable('nothing is written'),
    });
    expect(answer.answer).toBe('unoffered');
    expect(server.frames.map(({ type }) => type)).toEqual(['join']);
  });

  it('is unsure of what was under way when the connection broke, and offers nothing until it is back', async () => {
    await using server = await ChatServer.start({
      frame: (socket, { type }) => {
        if (type !== 'chat_message') return false;
        socket.terminate();
        return true;
      },
    });
    const { client, watcher } = await connected(server.url, {
      reconnection: { backoff: { firstMs: 60_000, maxMs: 60_000, factor: 1 } },
    });
    await using _ = client;
    expect(await client.send(messageOf(1), patient())).toEqual({
      answer: 'unsure',
      reason: 'the connection was lost: code 1006',
    });
    await watcher.next('wait');
    expect(client.connected).toBe(false);
    expect(await client.send(messageOf(2), patient())).toEqual({
      answer: 'unoffered',
      reason: 'not connected',
    });
  });

  it('resumes each room where it had read to, by what it received or by the head that it joined at', async () => {
    await using server = await ChatServer.start();
    const { client, watcher } = await connected(server.url);
    await using _ = client;
    await client.send(messageOf(1), patient());
    await watcher.next('receive');
    for (const socket of server.clients) socket.terminate();
    server.log.push({ id: 'missed', text: `${tagOf('r0000001.2.1')} missed`, number: 2 });
    await watcher.next('ready', 2);
    expect((await watcher.next('join', 2)).cursor).toBe('1');
    expect(await watcher.next('joined', 2)).toMatchObject({ head: '2', conn: 2 });
    expect(await watcher.next('receive', 2)).toMatchObject({
      message: 'r0000001.2.1',
      position: '2',
      conn: 2,
    });
    expect(watcher.of('ready').map(({ claims }) => claims)).toEqual(['fresh', 'unstated']);
  });

  it('asks for what it missed also when nothing was said before it was cut', async () => {
    await using server = await ChatServer.start();
    const { client, watcher } = await connected(server.url);
    await using _ = client;
    for (const socket of server.clients) socket.terminate();
    server.log.push({ id: 'missed', text: `${tagOf('r0000001.2.1')} missed`, number: 1 });
    expect(await watcher.next('receive')).toMatchObject({ message: 'r0000001.2.1', conn: 2 });
    expect((await watcher.next('join', 2)).cursor).toBe('0');
  });

  it('takes the identity of another run, a damaged one and none for what they are', async () => {
    await using server = await ChatServer.start();
    const { client, watcher } = await connected(server.url);
    await using _ = client;
    const [tag = ''] = messageOf(1).text.split(' ');
    const damaged = `${tag.slice(0, -1)}${tag.endsWith('0') ? '1' : '0'}`;
    for (const text of [tagOf('other000.1.1'), damaged, 'plain', `quoting ${tag}`]) {
      await client.send({ ...messageOf(1), text }, patient());
    }
    await watcher.next('receive', 4);
    expect(watcher.of('receive').map(({ message, damaged: is }) => ({ message, is }))).toEqual([
      { message: null, is: undefined },
      { message: null, is: true },
      { message: null, is: undefined },
      { message: null, is: undefined },
    ]);
  });

  it('is not let into a room by an error frame, and says which', async () => {
    await using server = await ChatServer.start({
      frame: (socket, { type }) => {
        if (type === 'join')
          socket.send(JSON.stringify({ type: 'error', code: 'not_a_member', message: 'no' }));
        return type === 'join';
      },
    });
    const { client, watcher } = opened({ url: server.url });
    await using _ = client;
    void client.connect({ signal: forever }).catch(() => undefined);
    expect(await watcher.next('refused')).toEqual({
      kind: 'refused',
      at: 'join',
      reason: 'not_a_member: no',
      conn: 1,
    });
    expect(await watcher.next('close')).toMatchObject({ by: 'session', conn: 1 });
  });

  it('says goodbye with 1000 when it is disposed, once, and tells nothing after it', async () => {
    const codes: number[] = [];
    await using server = await ChatServer.start({
      connected: (socket) => {
        socket.on('close', (code) => codes.push(code));
        return false;
      },
    });
    const { client, watcher } = await connected(server.url);
    await Promise.all([client[Symbol.asyncDispose](), client[Symbol.asyncDispose]()]);
    await expect.poll(() => codes).toEqual([1000]);
    expect(watcher.kinds.at(-1)).toBe('close');
    expect(watcher.of('close')).toEqual([{ kind: 'close', by: 'session', code: 1000, conn: 1 }]);
    expect(client.connected).toBe(false);
    expect(server.clients.size).toBe(0);
  });

  it('is disposed quietly while it is dialling, while it waits, and before it began', async () => {
    const silent = await ChatServer.start({ upgrade: () => true });
    const dialling = opened({ url: silent.url });
    const connecting = dialling.client.connect({ signal: forever }).catch((error: unknown) => error);
    await expect.poll(() => silent.requests.length).toBe(1);
    await dialling.client[Symbol.asyncDispose]();
    expect(await connecting).toBeInstanceOf(Error);
    expect(dialling.watcher.kinds).toEqual(['connect']);
    await silent[Symbol.asyncDispose]();

    const waiting = opened(
      { url: silent.url },
      { reconnection: { backoff: { firstMs: 60_000, maxMs: 60_000, factor: 1 } } },
    );
    void waiting.client.connect({ signal: forever }).catch(() => undefined);
    await waiting.watcher.next('wait');
    await waiting.client[Symbol.asyncDispose]();
    expect(waiting.watcher.kinds).toEqual(['connect', 'refused', 'wait']);

    const unused = opened({ url: silent.url });
    await unused.client[Symbol.asyncDispose]();
    expect(unused.watcher.events).toEqual([]);
    await expect(unused.client.connect({ signal: forever })).rejects.toThrow(/disposed/);
  });

  it('stops trying when the caller no longer wants the first connection', async () => {
    await using server = await ChatServer.start({ upgrade: () => true });
    const { client, watcher } = opened({ url: server.url });
    await using _ = client;
    const caller = new AbortController();
    const connecting = client.connect({ signal: caller.signal });
    await watcher.next('connect');
    caller.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
    expect(watcher.kinds).toEqual(['connect']);
    await expect(client.connect({ signal: caller.signal })).rejects.toThrow('enough');
  });
});
