import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import WebSocket from 'ws';
import { backendParts } from '../src/backend/parts.js';
import { startBackend, type RunningBackend } from '../src/backend/service.js';
import { backendConfiguration } from '../src/configuration.js';
import { Chat } from './support/chat.js';
import { stopAll, until } from './support/processes.js';
import { adminKey, codeOf, Stage, type Login } from './support/service.js';

let stage: Stage;
let backend: RunningBackend;
let alice: Login;
let bob: Login;
let thread: string;
const logged: string[] = [];

// In this process, so that limits can be reached in no time.
const limits = { stalledMs: 1_000, helloMs: 1_500, pingMs: 2_000, bufferedBytes: 256 * 1024 };

beforeAll(async () => {
  stage = await Stage.open();
  await stage.auth();
  const configuration = backendConfiguration({
    PORT: String(stage.backendPort),
    DATABASE_URL: stage.databaseUrl,
    AUTH_URL: stage.authUrl,
    ADMIN_KEY: adminKey,
  });
  const logger = pino({ level: 'debug' }, { write: (line) => logged.push(line) });
  backend = await startBackend(await backendParts(configuration, logger), configuration, {
    boot: 'boot-of-test',
    logger,
    limits,
  });
  const users = await stage.users(2);
  if (!users[0] || !users[1]) throw new Error('no users');
  [alice, bob] = [users[0], users[1]];
  thread = await stage.thread([alice, bob]);
});
afterAll(async () => {
  await backend.drain(AbortSignal.timeout(5_000));
  await stopAll();
});

const address = () => `ws://127.0.0.1:${stage.backendPort}/ws`;
const open = (protocols: string[], options: WebSocket.ClientOptions = {}, query = '') =>
  new Promise<WebSocket>((resolve, reject) => {
    const socket = new WebSocket(`${address()}${query}`, protocols, options);
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });

describe('the token of a WebSocket', () => {
  it('may come as subprotocol, header, query or first frame', async () => {
    const token = alice.access_token;
    const sockets = [
      await open(['chat', `bearer.${token}`]),
      await open(['chat'], { headers: { authorization: `Bearer ${token}` } }),
      await open([], {}, `?token=${token}`),
      await open(['chat']),
    ];
    sockets[3]?.send(JSON.stringify({ type: 'hello', token }));
    for (const [index, socket] of sockets.entries()) {
      const answer = new Promise((resolve) =>
        socket.once('message', (data) => resolve(JSON.parse(String(data)))),
      );
      socket.send(
        JSON.stringify({ type: 'chat_message', id: `door-${index}`, thread_id: thread, message: 'in' }),
      );
      expect(await answer).toMatchObject({ type: 'ack', id: `door-${index}` });
      socket.terminate();
    }
    expect(sockets.map(({ protocol }) => protocol)).toEqual(['chat', 'chat', '', 'chat']);
  });

  it('is refused with 401 in the handshake, and with 4401 in the first frame or when none comes', async () => {
    await expect(Chat.open(address(), 'not-a-token')).rejects.toThrow('refused with 401');
    const bad = await stage.chat(null);
    bad.say({ type: 'hello', token: 'not-a-token' });
    expect((await bad.closed).code).toBe(4401);
    const early = await stage.chat(null);
    early.say({ type: 'join', thread_id: thread });
    expect((await early.closed).code).toBe(4401);
    expect((await (await stage.chat(null)).closed).code).toBe(4401);
  });

  it('closes the connection with 4401 when it expires, unless a fresh one came', async () => {
    const short = await stage.login(alice.user.name, { lifetime_seconds: 2 });
    const [left, prolonged] = [await stage.chat(short), await stage.chat(short)];
    const exchange = await stage.post(`${stage.authUrl}/auth/refresh`, {
      refresh_token: short.refresh_token,
    });
    prolonged.say({ type: 'hello', token: (exchange.body as Login).access_token });
    expect((await left.closed).code).toBe(4401);
    expect(await prolonged.ask(thread, 'prolonged', 'still here')).toMatchObject({ type: 'ack' });
    await prolonged.close();
  });

  it('says which instance took it', async () => {
    const chat = await stage.chat(alice);
    const { body, headers } = await stage.get(`${stage.url}/ready`, '');
    expect([chat.instance, headers.get('x-instance'), body]).toEqual([
      'boot-of-test',
      'boot-of-test',
      { status: 'ok', service: 'backend', boot: 'boot-of-test' },
    ]);
    await chat.close();
  });
});

describe('sending', () => {
  it('gives the same number for the same id again, and a conflict for another body', async () => {
    const chat = await stage.chat(alice);
    const first = await chat.ask(thread, 'same', 'one');
    expect(await chat.ask(thread, 'same', 'one')).toEqual(first);
    expect(await chat.ask(thread, 'same', 'two')).toMatchObject({
      type: 'error',
      id: 'same',
      code: 'id_conflict',
    });
    const other = await stage.thread([alice]);
    expect(await chat.ask(other, 'same', 'one')).toMatchObject({ type: 'error', code: 'id_conflict' });
    // An id belongs to its sender.
    const theirs = await stage.chat(bob);
    expect(await theirs.ask(thread, 'same', 'two')).toMatchObject({ type: 'ack' });
    for (const each of [chat, theirs]) await each.close();
  });

  it('stores two copies of one moment once, and delivers once', async () => {
    const chat = await stage.chat(alice);
    await chat.join(thread);
    for (let copy = 0; copy < 10; copy += 1) chat.send(thread, 'copies', 'one');
    chat.send(thread, 'copies', 'another body');
    await until(() => chat.of('ack').length === 10 && chat.of('error').length === 1);
    await chat.ask(thread, 'after-copies', 'x');
    await until(() => chat.of('chat_message').some(({ id }) => id === 'after-copies'));
    expect(
      new Set(
        chat
          .of('ack')
          .filter(({ id }) => id === 'copies')
          .map(({ number }) => number),
      ).size,
    ).toBe(1);
    expect(chat.of('chat_message').filter(({ id }) => id === 'copies')).toHaveLength(1);
    await chat.close();
  });

  it('keeps every character as it came', async () => {
    const chat = await stage.chat(alice);
    const body = 'áé 漢字 👩‍👩‍👧 \u0001 " \\ \u2028 end  ';
    await chat.join(thread);
    await chat.ask(thread, 'characters', body);
    await until(() => chat.of('chat_message').length === 1);
    expect(chat.of('chat_message')[0]?.message).toBe(body);
    await chat.close();
  });

  it('refuses who is not a member, on joining and on every message, known ids included', async () => {
    const others = await stage.thread([bob]);
    const [theirs, chat] = [await stage.chat(bob), await stage.chat(alice)];
    await theirs.ask(others, 'private', 'text');
    chat.say({ type: 'join', thread_id: others });
    await until(() => chat.of('error').length === 1);
    expect(chat.of('error')[0]).toMatchObject({ code: 'not_a_member', thread_id: others });
    expect(await chat.ask(others, 'private', 'text')).toMatchObject({ code: 'not_a_member' });
    expect(await chat.ask('no-such-thread', 'x', 'text')).toMatchObject({ code: 'not_a_member' });
    for (const each of [chat, theirs]) await each.close();
  });

  it('gives a member who is removed nothing that is said afterwards', async () => {
    const both = await stage.thread([alice, bob]);
    const [chat, theirs] = [await stage.chat(alice), await stage.chat(bob)];
    await Promise.all([chat.join(both), theirs.join(both)]);
    await chat.ask(both, 'for-both', 'text');
    await until(() => theirs.of('chat_message').length === 1);
    await stage.sql('DELETE FROM members WHERE thread_id = $1 AND user_id = $2', [both, bob.user.id]);
    await chat.ask(both, 'for-one', 'text');
    await until(() => theirs.of('error').length === 1);
    expect(theirs.of('chat_message').map(({ id }) => id)).toEqual(['for-both']);
    for (const each of [chat, theirs]) await each.close();
  });
});

describe('bad frames', () => {
  it('get an error each, and at the fifth the connection closes with 1008', async () => {
    const chat = await stage.chat(alice);
    const bad = [
      'junk',
      '[]',
      '{"type":"other"}',
      JSON.stringify({ type: 'chat_message', id: 'nul', thread_id: thread, message: 'a\0b' }),
    ];
    for (const frame of bad) chat.socket.send(frame);
    await until(() => chat.of('error').length === 4);
    expect(chat.of('error').map(({ code, id }) => [code, id])).toEqual([
      ['bad_frame', undefined],
      ['bad_frame', undefined],
      ['bad_frame', undefined],
      ['bad_frame', 'nul'],
    ]);
    expect(await chat.ask(thread, 'between', 'still served')).toMatchObject({ type: 'ack' });
    chat.socket.send(Buffer.from([1, 2, 3]), { binary: true });
    expect((await chat.closed).code).toBe(1008);
    expect(chat.of('error')).toHaveLength(5);
  });

  it('of more than 64 KiB close with 1009, and one of exactly that size is taken', async () => {
    const frame = (size: number) => {
      const empty = JSON.stringify({
        type: 'chat_message',
        id: `size-${size}`,
        thread_id: thread,
        message: '',
      });
      return JSON.stringify({ ...(JSON.parse(empty) as object), message: 'x'.repeat(size - empty.length) });
    };
    const chat = await stage.chat(alice);
    chat.socket.send(frame(65_536));
    await until(() => chat.of('ack').length === 1);
    chat.socket.send(frame(65_537));
    expect((await chat.closed).code).toBe(1009);
  });

  it('that are not UTF-8 close with 1007', async () => {
    const chat = await stage.chat(alice);
    chat.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect((await chat.closed).code).toBe(1007);
  });
});

describe('reading', () => {
  it('pages through a thread without skipping or repeating, while it grows', async () => {
    const long = await stage.thread([alice]);
    const chat = await stage.chat(alice);
    for (let index = 0; index < 30; index += 1) await chat.ask(long, `page-${index}`, 'text');
    const numbers: number[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const { body } = await stage.get(
        `${stage.url}/threads/${long}/messages?after=${after}&limit=7`,
        alice.access_token,
      );
      const page = body as { messages: { number: number }[]; next: number | null };
      numbers.push(...page.messages.map(({ number }) => number));
      if (numbers.length === 14) await chat.ask(long, 'page-late', 'text');
      after = page.next;
    }
    expect(numbers).toEqual(Array.from({ length: 31 }, (_, index) => index + 1));
    await chat.close();
  });

  it('is for members, and for cursors that make sense', async () => {
    const others = await stage.thread([bob]);
    const read = (id: string, query: string) =>
      stage.get(`${stage.url}/threads/${id}/messages${query}`, alice.access_token);
    expect((await read(others, '')).status).toBe(403);
    for (const query of ['?limit=501', '?limit=0', '?after=-1', '?after=x']) {
      expect(codeOf(await read(thread, query))).toBe('bad_request');
    }
  });

  it('gives the same bytes for user and session at each read', async () => {
    for (const record of ['users', 'sessions']) {
      const read = async () => (await stage.get(`${stage.url}/${record}/me`, alice.access_token)).text;
      expect(await read()).toBe(await read());
    }
  });
});

describe('a slow reader', () => {
  it('is closed, and nobody waits for it', async () => {
    const busy = await stage.thread([alice, bob]);
    const [writer, reader] = [await stage.chat(alice), await stage.chat(bob)];
    await Promise.all([writer.join(busy), reader.join(busy)]);
    reader.socket.pause();
    const body = 'x'.repeat(60_000);
    for (let index = 0; index < 400; index += 1) writer.send(busy, `bulk-${index}`, body);
    await until(() => writer.numbers().length === 400);
    expect(writer.numbers()).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    // Who reads nothing may never see the goodbye, and is cut off a second after it.
    await until(() => logged.some((line) => line.includes('"code":1013')));
    reader.socket.resume();
    await reader.closed;
    expect(reader.numbers().length).toBeLessThan(400);
    await writer.close();
  });
});

describe('a peer that is gone', () => {
  it('is noticed by its silence', async () => {
    const socket = connect(stage.backendPort, '127.0.0.1');
    const key = Buffer.from('0123456789abcdef').toString('base64');
    socket.write(
      `GET /ws?token=${alice.access_token} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    socket.resume();
    // It never answers a ping.
    await new Promise((resolve) => socket.once('close', resolve));
  });
});
