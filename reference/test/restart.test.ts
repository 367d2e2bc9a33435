import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ready, stopAll, until, freePort, launch, main } from './support/processes.js';
import { Stage } from './support/service.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  await stage.auth();
});
afterAll(stopAll);

/** Numbers of a thread as they stand in the database. */
const stored = (thread: string) =>
  stage.sql<{ number: string; id: string }>(
    'SELECT number, id FROM messages WHERE thread_id = $1 ORDER BY number',
    [thread],
  );

describe('a restart of the backend', () => {
  it('loses no acknowledged message and leaves no gap in the numbers when it is killed under load', async () => {
    const backend = await stage.backend();
    const [writer, reader] = await stage.users(2);
    if (!writer || !reader) throw new Error('no users');
    const thread = await stage.thread([writer, reader]);
    const chat = await stage.chat(writer);
    let sent = 0;
    const load = setInterval(() => {
      for (let index = 0; index < 20; index += 1) chat.send(thread, `m${(sent += 1)}`, `text ${sent}`);
    }, 2);
    await until(() => chat.of('ack').length > 500);
    backend.kill('SIGKILL');
    await backend.exited;
    clearInterval(load);
    await chat.closed;
    const rows = await stored(thread);
    const numbers = new Map(rows.map(({ id, number }) => [id, Number(number)]));
    for (const { id, number } of chat.of('ack')) expect(numbers.get(id ?? '')).toBe(number);
    expect(rows.map(({ number }) => Number(number))).toEqual(rows.map((_, index) => index + 1));
  });

  it('drains on SIGTERM: what was read is stored and acknowledged, everyone is closed with 1012, and it exits with 0', async () => {
    const backend = await stage.backend();
    const [writer] = await stage.users(1);
    if (!writer) throw new Error('no user');
    const thread = await stage.thread([writer]);
    const chat = await stage.chat(writer);
    const idle = await stage.chat(writer);
    for (let index = 0; index < 200; index += 1) chat.send(thread, `m${index}`, 'text');
    await until(() => chat.of('ack').length > 0);
    backend.kill('SIGTERM');
    expect(await chat.closed).toEqual({ code: 1012, reason: 'service restart' });
    expect(await idle.closed).toEqual({ code: 1012, reason: 'service restart' });
    expect(await backend.exited).toEqual({ code: 0, signal: null });
    // Nothing was stored without being acknowledged: what was begun was finished.
    expect((await stored(thread)).map(({ id }) => id)).toEqual(chat.of('ack').map(({ id }) => id));
    expect(chat.of('error')).toEqual([]);
  });

  it('turns newcomers away while it leaves, and ends at once at a second signal', async () => {
    const backend = await stage.backend(stage.backendPort, undefined, { LAME_DUCK_MS: '8000' });
    const [user] = await stage.users(1);
    if (!user) throw new Error('no user');
    const chat = await stage.chat(user);
    backend.kill('SIGTERM');
    await until(async () => (await fetch(`${stage.url}/ready`)).status === 503);
    await expect(stage.chat(user)).rejects.toThrow('refused with 503, retry-after 1');
    expect(chat.socket.readyState).toBe(chat.socket.OPEN);
    backend.kill('SIGTERM');
    expect(await backend.exited).toEqual({ code: 143, signal: null });
  });

  it('replays what was missed, and goes on live, without a seam', async () => {
    const [writer, reader] = await stage.users(2);
    if (!writer || !reader) throw new Error('no users');
    let backend = await stage.backend();
    const thread = await stage.thread([writer, reader]);
    const before = await stage.chat(reader);
    await before.join(thread, 0);
    let author = await stage.chat(writer);
    for (let index = 1; index <= 5; index += 1) await author.ask(thread, `m${index}`, 'text');
    await until(() => before.numbers().length === 5);
    await before.close();
    for (let index = 6; index <= 150; index += 1) author.send(thread, `m${index}`, 'text');
    await until(() => author.of('ack').length === 150);
    backend.kill('SIGTERM');
    await backend.exited;
    backend = await stage.backend();
    author = await stage.chat(writer);
    const after = await stage.chat(reader);
    for (let index = 151; index <= 300; index += 1) author.send(thread, `m${index}`, 'text');
    expect((await after.join(thread, 5)).head).toBeGreaterThanOrEqual(150);
    await until(() => after.numbers().length === 295);
    expect(after.numbers()).toEqual(Array.from({ length: 295 }, (_, index) => index + 6));
    expect(after.instance).not.toBe(before.instance);
    backend.kill('SIGTERM');
    await backend.exited;
  });

  it('keeps an acknowledgement back while the database is away, and gives it afterwards', async () => {
    const backend = await stage.backend();
    const [user] = await stage.users(1);
    if (!user) throw new Error('no user');
    const thread = await stage.thread([user]);
    const chat = await stage.chat(user);
    await chat.join(thread);
    // All connections to the database are cut while messages are under way.
    for (let index = 0; index < 500; index += 1) chat.send(thread, `m${index}`, 'text');
    for (let round = 0; round < 5; round += 1) {
      await stage.sql(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = $1',
        ['chat'],
      );
    }
    await until(() => chat.of('ack').length === 500 && chat.numbers().length === 500);
    expect(chat.numbers()).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(chat.of('error')).toEqual([]);
    backend.kill('SIGTERM');
    await backend.exited;
  });
});

describe('two backends on one database', () => {
  it('deliver to each other, in one order, and know each other’s ids', async () => {
    const otherPort = await freePort();
    const one = await stage.backend();
    const other = await stage.backend(otherPort);
    const [writer, reader] = await stage.users(2);
    if (!writer || !reader) throw new Error('no users');
    const thread = await stage.thread([writer, reader]);
    const [here, there] = [await stage.chat(writer), await stage.chat(reader, otherPort)];
    await Promise.all([here.join(thread), there.join(thread)]);
    for (let index = 0; index < 100; index += 1) {
      here.send(thread, `w${index}`, 'text');
      there.send(thread, `r${index}`, 'text');
    }
    await until(() => here.numbers().length === 200 && there.numbers().length === 200);
    const order = Array.from({ length: 200 }, (_, index) => index + 1);
    expect(here.numbers()).toEqual(order);
    expect(there.of('chat_message')).toEqual(here.of('chat_message'));
    const again = await stage.chat(writer, otherPort);
    const first = here.of('ack').find(({ id }) => id === 'w7');
    expect((await again.ask(thread, 'w7', 'text')).number).toBe(first?.number);
    for (const backend of [one, other]) backend.kill('SIGTERM');
    await Promise.all([one.exited, other.exited]);
  });
});

describe('configuration', () => {
  it('ends with 2 and names each variable that is wrong, without repeating values', async () => {
    const process = launch([main, 'backend'], { PORT: 'secret-value', DATABASE_URL: 'mysql://secret-value' });
    expect(await process.exited).toEqual({ code: 2, signal: null });
    expect(process.output()).toMatch(/PORT: .*\n {2}AUTH_URL: missing|DATABASE_URL: expected postgres/);
    expect(process.output()).not.toContain('secret-value');
  });

  it('ends with 1 when the port is taken', async () => {
    const backend = await stage.backend();
    await expect(stage.backend()).rejects.toThrow('EADDRINUSE');
    backend.kill('SIGTERM');
    await backend.exited;
  });

  it('waits for auth before it is ready, since it could not verify a token', async () => {
    const environment = {
      PORT: String(await freePort()),
      DATABASE_URL: stage.databaseUrl,
      AUTH_URL: `http://127.0.0.1:${await freePort()}`,
    };
    const process = launch([main, 'backend'], environment);
    await until(() => process.output().includes('no answer from auth'));
    expect(process.output()).not.toContain('is ready');
    process.kill('SIGTERM');
    await process.exited;
    await expect(ready(process)).rejects.toThrow('ended before it was ready');
  });
});
