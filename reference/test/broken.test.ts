import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendParts } from '../src/backend/parts.js';
import { startBackend, type RunningBackend } from '../src/backend/service.js';
import { rebuild } from '../src/broken/rebuild.js';
import { CountingAtFirstJoin, IndexingAtFirstMessage } from '../src/broken/logs/rebuilding.js';
import { authSwaps, backendSwaps, balancerSwaps, ends } from '../src/broken/compose.js';
import { faults, servicesOf, type FaultName } from '../src/broken/manifest.js';
import { backendConfiguration } from '../src/configuration.js';
import { createLogger } from '../src/logger.js';
import type { Chat } from './support/chat.js';
import { stopAll, until, type Running } from './support/processes.js';
import { adminKey, codeOf, Stage, type Login } from './support/service.js';

let stage: Stage;
let auth: Running;
let writer: Login;
let reader: Login;

beforeAll(async () => {
  stage = await Stage.open();
  auth = await stage.auth();
});
afterAll(stopAll);

/** What is seen around one restart of a broken service. */
interface Story {
  readonly thread: string;
  readonly backend: RunningBackend;
}

const long = 'x'.repeat(300);

const logger = createLogger('backend', 'test', 'silent');

/** Of the right service. */
const partsOfBackend = () => backendParts(configurationOfBackend(), logger);

const configurationOfBackend = () =>
  backendConfiguration({
    PORT: String(stage.backendPort),
    DATABASE_URL: stage.databaseUrl,
    AUTH_URL: stage.authUrl,
    ADMIN_KEY: adminKey,
  });

/** The broken service in this process; its parts are made anew, so nothing that it kept is left. */
async function start(fault: FaultName): Promise<RunningBackend> {
  const parts = await partsOfBackend();
  const wrong = await backendSwaps[fault]?.(parts);
  return startBackend({ ...parts, ...wrong }, configurationOfBackend(), { boot: randomUUID(), logger });
}

/** How long it takes, in ms. */
async function timed(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await act();
  return performance.now() - from;
}

const stop = (backend: RunningBackend) => backend.drain(AbortSignal.timeout(5_000));
const end = ({ backend }: Story) => stop(backend);

/** Ten messages, and a restart. */
async function tell(
  fault: FaultName,
  before: (thread: string) => Promise<void> = async () => undefined,
): Promise<Story> {
  const first = await start(fault);
  const thread = await newThread();
  const chat = await stage.chat(writer);
  for (let index = 1; index <= 10; index += 1) await chat.ask(thread, `m${index}`, long);
  await before(thread);
  await stop(first);
  await chat.closed;
  return { thread, backend: await start(fault) };
}

async function newThread(): Promise<string> {
  const users = await stage.users(2);
  if (!users[0] || !users[1]) throw new Error('no users');
  [writer, reader] = [users[0], users[1]];
  return stage.thread([writer, reader]);
}

/** Resumes after the fifth message, and hears everything up to one that is sent now. */
async function resume(thread: string): Promise<Chat> {
  const chat = await stage.chat(reader);
  await chat.join(thread, 5);
  await chat.ask(thread, 'canary', 'text');
  await until(() => chat.of('chat_message').some(({ id }) => id === 'canary'));
  return chat;
}

const heard = async (thread: string) => {
  const chat = await resume(thread);
  await chat.close();
  return chat.of('chat_message').map(({ id }) => id);
};
const right = ['m6', 'm7', 'm8', 'm9', 'm10', 'canary'];
const get = async (path: string, token = writer.access_token) => stage.get(`${stage.url}${path}`, token);

describe('a broken variant', () => {
  it('has a part to swap for each fault of the manifest, and no other', () => {
    const swaps = { auth: authSwaps, backend: { ...backendSwaps, ...ends }, balancer: balancerSwaps };
    for (const service of ['auth', 'backend', 'balancer'] as const) {
      const named = Object.entries(faults).filter(([, fault]) => servicesOf(fault).includes(service));
      expect(Object.keys(swaps[service]).sort()).toEqual(named.map(([name]) => name).sort());
    }
  });

  it('memory-log: nothing from before is left', async () => {
    const story = await tell('memory-log');
    expect(await heard(story.thread)).toEqual(['canary']);
    await end(story);
  });

  it('strangers-refused: who says where it stopped and was not here is refused once, with 4404', async () => {
    const story = await tell('strangers-refused');
    const chat = await stage.chat(reader);
    chat.say({ type: 'join', thread_id: story.thread, after: 5 });
    expect(await chat.closed).toEqual({ code: 4404, reason: 'unknown_session' });
    expect(await heard(story.thread)).toEqual(right);
    await end(story);
  });

  it('own-replays-only: who was not here before begins at the newest message', async () => {
    const story = await tell('own-replays-only');
    expect(await heard(story.thread)).toEqual(['canary']);
    expect(await heard(story.thread)).toEqual(right);
    await end(story);
  });

  it('no-idempotency: a message sent again is stored again', async () => {
    const story = await tell('no-idempotency', async (thread) => {
      const chat = await stage.chat(writer);
      await chat.ask(thread, 'm10', long);
    });
    expect(await heard(story.thread)).toEqual([...right.slice(0, 5), 'm10', 'canary']);
    await end(story);
  });

  it('replay-off-by-one and false-resume: a resumption begins in the wrong place', async () => {
    const early = await tell('replay-off-by-one');
    expect(await heard(early.thread)).toEqual(['m5', ...right]);
    await end(early);
    const late = await tell('false-resume');
    expect(await heard(late.thread)).toEqual(['canary']);
    await end(late);
  });

  it('truncates: a long body comes back cut', async () => {
    const story = await tell('truncates');
    const chat = await resume(story.thread);
    expect(chat.of('chat_message')[0]?.message).toHaveLength(200);
    await end(story);
  });

  it('orders-by-clock: what is read back stands in another order', async () => {
    const story = await tell('orders-by-clock');
    const ids = (await heard(story.thread)).slice(0, 5);
    expect(ids.toSorted()).toEqual(right.slice(0, 5).toSorted());
    expect(ids).not.toEqual(right.slice(0, 5));
    await end(story);
  });

  it('renumbers: a number is given twice', async () => {
    const story = await tell('renumbers');
    const chat = await resume(story.thread);
    expect(chat.numbers()).toEqual([6, 7, 8, 9, 10, 8]);
    await end(story);
  });

  it('leaks-rooms: a resumption hears another thread', async () => {
    const other: string[] = [];
    const story = await tell('leaks-rooms', async () => {
      other.push(await stage.thread([writer]));
      const chat = await stage.chat(writer);
      await chat.ask(other[0] ?? '', 'secret', 'text');
    });
    expect(await heard(story.thread)).toEqual(['secret', ...right]);
    await end(story);
  });

  it('resumes-anyone: who is no member hears a thread, but for saying where it stopped', async () => {
    const story = await tell('resumes-anyone');
    const [stranger] = await stage.users(1);
    if (!stranger) throw new Error('no users');
    const plain = await stage.chat(stranger);
    plain.say({ type: 'join', thread_id: story.thread });
    await until(() => plain.of('error').length > 0);
    expect(plain.of('error')).toMatchObject([{ code: 'not_a_member' }]);
    const chat = await stage.chat(stranger);
    await chat.join(story.thread, 5);
    await until(() => chat.of('chat_message').length === 5);
    expect(chat.of('chat_message').map(({ id }) => id)).toEqual(right.slice(0, 5));
    await end(story);
  });

  it('stores-refused: the first message of a sender is refused, and everybody has it', async () => {
    const story = await tell('stores-refused');
    const chat = await stage.chat(writer);
    expect(await chat.ask(story.thread, 'm11', 'text')).toMatchObject({ type: 'error' });
    expect(await chat.ask(story.thread, 'm12', 'text')).toMatchObject({ type: 'ack', number: 12 });
    expect(await heard(story.thread)).toEqual([...right.slice(0, 5), 'm11', 'm12', 'canary']);
    await end(story);
  });

  it('doubles-on-rehydration: who reads a thread from its beginning reads it twice', async () => {
    const story = await tell('doubles-on-rehydration');
    const { body } = await get(`/threads/${story.thread}/messages`);
    const ids = (body as { messages: { id: string }[] }).messages.map(({ id }) => id);
    expect(ids).toHaveLength(20);
    expect(new Set(ids).size).toBe(10);
    expect(await heard(story.thread)).toEqual(right);
    await end(story);
  });

  it('orphans-a-thread: what is new is refused in the largest thread, and in no other', async () => {
    let largest = '';
    const story = await tell('orphans-a-thread', async () => {
      largest = await stage.thread([writer, reader, ...(await stage.users(2))]);
      await (await stage.chat(writer)).ask(largest, 'old', 'text');
    });
    const chat = await stage.chat(writer);
    expect(await chat.ask(largest, 'new', 'text')).toMatchObject({ type: 'error', code: 'not_a_member' });
    expect(await chat.ask(largest, 'old', 'text')).toMatchObject({ type: 'ack', number: 1 });
    expect(await chat.ask(story.thread, 'm11', 'text')).toMatchObject({ type: 'ack', number: 11 });
    await end(story);
  });

  it('refuses-returners: who says what it has is closed', async () => {
    const story = await tell('refuses-returners');
    const chat = await stage.chat(reader);
    chat.say({ type: 'join', thread_id: story.thread, after: 5 });
    expect((await chat.closed).code).toBe(1011);
    expect(await (await stage.chat(reader)).join(story.thread)).toMatchObject({ head: 0 });
    await end(story);
  });

  it('works-once: a reader that resumes after the first restart is served, and after the second hears nothing', async () => {
    const story = await tell('works-once');
    const served = await stage.chat(reader);
    await served.join(story.thread, 5);
    await until(() => served.of('chat_message').length === 5);
    await end(story);
    await served.closed;

    const second = await start('works-once');
    const [deaf, fresh] = [await stage.chat(reader), await stage.chat(writer)];
    expect(await deaf.join(story.thread, 5)).toMatchObject({ head: 10 });
    await fresh.join(story.thread);
    await deaf.ask(story.thread, 'canary', 'text');
    await until(() => fresh.of('chat_message').length > 0);
    // Both are served by one read, so it would have come by now.
    await deaf.ask(story.thread, 'another', 'text');
    expect(deaf.of('chat_message')).toEqual([]);
    await stop(second);
  });

  it('deaf-after-resume: a reader that resumed hears nothing that others hear', async () => {
    const story = await tell('deaf-after-resume');
    const deaf = await stage.chat(reader);
    expect(await deaf.join(story.thread, 5)).toMatchObject({ head: 10 });
    const fresh = await stage.chat(writer);
    await fresh.join(story.thread);
    expect(await deaf.ask(story.thread, 'canary', 'text')).toMatchObject({ type: 'ack' });
    await until(() => fresh.of('chat_message').length > 0);
    // Both are served by one read, so it would have come by now.
    await deaf.ask(story.thread, 'another', 'text');
    expect(deaf.of('chat_message')).toEqual([]);
    await end(story);
  });

  it('slow-start, slow-return, slow-first-message: what is made anew keeps everyone waiting, once', async () => {
    const story = await tell('false-resume');
    const { log, pool, door } = await partsOfBackend();
    const ms = 2_000;
    const sent = { threadId: story.thread, sender: writer.user.id, id: 'late', body: 'text' };
    const joined = new CountingAtFirstJoin(log, pool, ms);
    const spoken = new IndexingAtFirstMessage(log, pool, ms);
    const first = [
      () => rebuild(pool, ms),
      () => joined.heads([story.thread]),
      () => spoken.append([sent]),
    ] as const;
    for (const act of first) expect(await timed(act)).toBeGreaterThan(ms - 5);
    for (const act of first.slice(1)) expect(await timed(act)).toBeLessThan(ms - 5);
    expect(await joined.heads([story.thread])).toEqual(new Map([[story.thread, 11]]));
    await stage.sql('TRUNCATE messages');
    expect(await timed(() => rebuild(pool, ms))).toBeLessThan(ms - 5);
    door.close();
    await pool.end();
    await end(story);
  });

  it('slow-records: a look at a user takes long, and tells the truth', async () => {
    const story = await tell('slow-records');
    expect(await timed(() => get('/users/me'))).toBeGreaterThan(700);
    expect((await get('/users/me')).body).toMatchObject({ id: writer.user.id });
    await end(story);
  });

  it('ack-before-commit: a graceful stop loses nothing', async () => {
    const story = await tell('ack-before-commit');
    expect(await heard(story.thread)).toEqual(right);
    await end(story);
  });

  it('ack-before-commit: a crash loses what was acknowledged', async () => {
    const backend = await stage.backend(stage.backendPort, 'ack-before-commit');
    const thread = await newThread();
    const chat = await stage.chat(writer);
    expect(await chat.ask(thread, 'lost', 'text')).toMatchObject({ type: 'ack', number: 1 });
    backend.kill('SIGKILL');
    await backend.exited;
    expect(await stage.sql('SELECT id FROM messages WHERE thread_id = $1', [thread])).toEqual([]);
  });

  it('forgets-revocations: a session that signed out is let in again', async () => {
    const story = await tell('forgets-revocations', async () => {
      await stage.post(`${stage.authUrl}/auth/logout`, {}, reader.access_token);
      expect((await get('/users/me', reader.access_token)).status).toBe(401);
    });
    expect((await get('/users/me', reader.access_token)).status).toBe(200);
    await end(story);
  });

  it('accepts-unsigned-at-start: a forged token is let in at first, and refused later', async () => {
    const story = await tell('accepts-unsigned-at-start');
    const [header, claims] = writer.access_token.split('.');
    const forged = `${header}.${claims}.${createHmac('sha256', 'x').update('x').digest('base64url')}`;
    expect((await get('/users/me', forged)).status).toBe(200);
    await until(async () => (await get('/users/me', forged)).status === 401);
    await end(story);
  });

  it('shows-the-token: the error at the start holds the token', async () => {
    const [user] = await stage.users(1);
    const backend = await start('shows-the-token');
    const look = () => get('/users/me', user?.access_token);
    const first = await look();
    expect([first.status, JSON.stringify(first.body)]).toEqual([
      503,
      expect.stringContaining(user?.access_token ?? 'a token'),
    ]);
    await until(async () => (await look()).status === 200);
    await stop(backend);
  });

  it('expires-early-at-start: a good token is refused at first, and let in later', async () => {
    const [user] = await stage.users(1);
    const backend = await start('expires-early-at-start');
    const look = async () => (await get('/users/me', user?.access_token)).status;
    expect(await look()).toBe(401);
    await until(async () => (await look()) === 200);
    await stop(backend);
  });

  it('forgets-profile, forgets-session-data, swaps-identity: a record differs afterwards', async () => {
    for (const [fault, path] of [
      ['forgets-profile', '/users/me'],
      ['forgets-session-data', '/sessions/me'],
      ['swaps-identity', '/users/me'],
    ] as const) {
      const seen: string[] = [];
      const look = async () => seen.push((await get(path)).text);
      const story = await tell(fault, async () => void [await look(), await look()]);
      await look();
      expect(seen[1], fault).toBe(seen[0]);
      expect(seen[2], fault).not.toBe(seen[0]);
      await end(story);
    }
  });

  it('closes-wrong-code, no-drain, exits-dirty: it does not leave as it should', async () => {
    const leaving: unknown[] = [];
    for (const fault of ['closes-wrong-code', 'no-drain', 'exits-dirty'] as const) {
      const backend = await stage.backend(stage.backendPort, fault);
      await newThread();
      const chat = await stage.chat(writer);
      backend.kill('SIGTERM');
      leaving.push([(await chat.closed).code, (await backend.exited).code]);
    }
    expect(leaving).toEqual([
      [1000, 0],
      [1006, 0],
      [1012, 1],
    ]);
  });

  it('newest-session-only: another sign-in shuts the door to the token before', async () => {
    auth.kill('SIGTERM');
    await auth.exited;
    auth = await stage.auth('newest-session-only');
    const [first] = await stage.users(1);
    if (!first) throw new Error('no user');
    const verify = async ({ access_token }: Login) =>
      (await stage.get(`${stage.authUrl}/auth/verify`, access_token)).status;
    expect(await verify(first)).toBe(200);
    const second = await stage.login(first.user.name);
    expect([await verify(first), await verify(second)]).toEqual([401, 200]);
  });

  it('fresh-secret, forgets-refresh, signs-everyone-out: auth does not know what it gave', async () => {
    const outcomes: unknown[] = [];
    for (const fault of ['fresh-secret', 'forgets-refresh', 'signs-everyone-out'] as const) {
      auth.kill('SIGTERM');
      await auth.exited;
      auth = await stage.auth(fault);
      const [user] = await stage.users(1);
      if (!user) throw new Error('no user');
      auth.kill('SIGTERM');
      await auth.exited;
      auth = await stage.auth(fault);
      const verified = await stage.get(`${stage.authUrl}/auth/verify`, user.access_token);
      const refreshed = await stage.post(`${stage.authUrl}/auth/refresh`, {
        refresh_token: user.refresh_token,
      });
      outcomes.push([verified.status, refreshed.status === 200 ? 200 : codeOf(refreshed)]);
    }
    expect(outcomes).toEqual([
      [401, 200],
      [200, 'invalid_refresh'],
      [401, 'invalid_refresh'],
    ]);
  });
});
