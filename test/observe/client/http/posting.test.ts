import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { SseOptions } from '../../../../src/observe/client/index.js';
import { forever, messageOf } from '../seats.js';
import { EventServer, type Habits } from '../sse/event-server.js';
import { opened } from '../sse/opened.js';

/** A connected client, and how often bytes were about to leave. */
async function connected(habits: Habits, options: Partial<SseOptions> = {}) {
  const server = await EventServer.start(habits);
  const all = opened({ url: server.url, ...options });
  await all.client.connect({ signal: forever });
  let written = 0;
  const say = (number = 1, signal = forever) =>
    all.client.send(messageOf(number), { signal, written: () => void written++ });
  return {
    ...{ ...all, server, say },
    written: () => written,
    [Symbol.asyncDispose]: async () => {
      await all.client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const answering = (status: number, body = '', headers: Record<string, string> = {}): Habits => ({
  post: (response) => response.writeHead(status, headers).end(body),
});

describe('a message that is sent by a request', () => {
  it('carries what `send` says, and the token, and is acknowledged by a 2xx', async () => {
    await using it = await connected({});
    expect(await it.say()).toEqual({ answer: 'ack', position: '1' });
    const { path, body, headers } = it.server.posts[0] ?? { path: '', body: '{}', headers: {} };
    expect(path).toBe('/rooms/lobby');
    expect(JSON.parse(body)).toMatchObject({
      id: messageOf(1).message,
      text: messageOf(1).text,
      user: 'ada',
    });
    expect(headers).toMatchObject({ authorization: 'Bearer token-1', 'content-type': 'application/json' });
    expect(it.written()).toBe(1);
  });

  it('may be a text, by another method, with a token at another place', async () => {
    await using it = await connected(
      {},
      {
        send: ({ text }) => ({ path: '/say?x=1', method: 'PUT', headers: { 'x-a': 'b' }, body: text }),
        sendToken: { header: 'x-auth' },
      },
    );
    await it.say();
    expect(it.server.posts[0]).toMatchObject({
      path: '/say?x=1',
      body: messageOf(1).text,
      headers: { 'x-a': 'b', 'x-auth': 'token-1', 'content-type': 'text/plain; charset=utf-8' },
    });
  });

  it('waits for the answer to the one before it, on one socket that is kept', async () => {
    let busy = 0;
    await using it = await connected({
      post: async () => {
        expect(++busy).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        busy--;
        return true;
      },
    });
    await Promise.all([1, 2, 3, 4].map((number) => it.say(number)));
    expect(it.server.posts.map(({ body }) => (JSON.parse(body) as { id: string }).id.at(-1))).toEqual([
      ...'1234',
    ]);
    expect(new Set(it.server.posts.map(({ from }) => from)).size).toBe(1);
  });

  it.each([400, 403, 404, 409, 422])('is refused by %i', async (status) => {
    await using it = await connected(answering(status, 'not you, token-1'));
    expect(await it.say()).toEqual({ answer: 'nack', reason: `status ${status}: not you, [redacted]` });
  });

  it.each([302, 408, 425, 429, 500, 502, 503])('is unsure after %i', async (status) => {
    await using it = await connected(answering(status));
    expect(await it.say()).toEqual({ answer: 'unsure', reason: `status ${status}` });
  });

  it('is refused, or nothing, where `acknowledge` says so of a 2xx', async () => {
    await using it = await connected(answering(200, '{"ok":false}'), {
      acknowledge: ({ body, id }) => (id.endsWith('.1') ? { refused: `said ${JSON.stringify(body)}` } : null),
    });
    expect(await it.say(1)).toEqual({ answer: 'nack', reason: 'said {"ok":false}' });
    expect(await it.say(2)).toMatchObject({
      answer: 'unsure',
      reason: 'status 200, which acknowledges nothing',
    });
  });

  it('is unsure when the answer breaks off, is too long, or does not come in time', async () => {
    await using it = await connected({
      post: (response, _, nth) => {
        if (nth === 1)
          response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
        if (nth === 2) response.end(Buffer.alloc(2 * 1024 * 1024, 'x'));
      },
    });
    expect(await it.say(1)).toMatchObject({ answer: 'unsure', reason: 'aborted' });
    expect(await it.say(2)).toMatchObject({
      answer: 'unsure',
      reason: expect.stringContaining('more than 1048576'),
    });
    const [tired, hasty] = [new AbortController(), new AbortController()];
    const late = it.say(3, tired.signal);
    const behind = it.say(4, hasty.signal);
    await expect.poll(() => it.server.posts.length).toBe(3);
    hasty.abort();
    expect(await behind).toEqual({ answer: 'unoffered', reason: 'it had no connection in time' });
    tired.abort();
    expect(await late).toEqual({ answer: 'unsure', reason: 'no answer came in time' });
    expect(it.written()).toBe(3);
  });

  it('was never offered where nobody listens: no byte left', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const sendTo = `http://127.0.0.1:${(nobody.address() as AddressInfo).port}`;
    await new Promise((resolve) => nobody.close(resolve));
    await using it = await connected({}, { sendTo });
    expect(await it.say()).toMatchObject({
      answer: 'unoffered',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    expect([it.written(), it.kind.dials]).toEqual([0, [it.server.url, sendTo]]);
  });

  it('is still answered when the stream is lost meanwhile', async () => {
    let go = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (go = resolve));
    await using it = await connected({
      post: async () => {
        await waiting;
        return true;
      },
    });
    const answer = it.say();
    await expect.poll(() => it.server.posts.length).toBe(1);
    (await it.server.stream()).end();
    await it.watcher.next('ready', 2);
    go();
    expect(await answer).toEqual({ answer: 'ack', position: '1' });
  });

  it('stays unsure when the session leaves, and is not offered afterwards', async () => {
    await using it = await connected({ post: () => undefined });
    const answer = it.say();
    await expect.poll(() => it.server.posts.length).toBe(1);
    await it.client[Symbol.asyncDispose]();
    expect(await answer).toMatchObject({ answer: 'unsure' });
    expect(await it.say()).toMatchObject({ answer: 'unoffered' });
  });

  it('refused by 401 ends the connection: the session comes back with another token', async () => {
    await using it = await connected({
      post: (response, request) =>
        request.headers.authorization === 'Bearer token-2' || response.writeHead(401).end(),
    });
    expect(await it.say(1)).toEqual({ answer: 'nack', reason: 'status 401' });
    expect(await it.watcher.next('close')).toMatchObject({
      by: 'target',
      reason: 'a message was answered with 401',
    });
    await it.watcher.next('ready', 2);
    expect(await it.say(2)).toMatchObject({ answer: 'ack' });
    expect(it.seat.refusedTokens).toEqual(['s1-1']);
  });

  it.each([
    ['send', () => ({ path: 'no-slash' }), "a request: { path: '/…', body }"],
    ['send', () => ({ path: '//elsewhere.example/' }), "a request: { path: '/…', body }"],
    ['send', () => ({ path: '/x', body: () => 1 }), "a request: { path: '/…', body }"],
    ['send', () => undefined, "a request: { path: '/…', body }"],
    ['acknowledge', () => true, '{ position?, storedAs? }, { refused } or null'],
  ])('blames the config for what `%s` gives', async (name, wrong, words) => {
    await using it = await connected({}, { [name]: wrong });
    const { answer } = await it.say();
    expect(answer).toBe(name === 'send' ? 'unoffered' : 'unsure');
    expect(it.faults[0]).toMatchObject({ code: 'MAPPING_FAILED', message: expect.stringContaining(words) });
  });
});

describe('a door over HTTP', () => {
  const guarded: Habits = {
    stream: (response, { headers }) =>
      headers.authorization === 'Bearer good' || response.writeHead(401, { 'x-instance': 'boot-1' }).end(),
  };
  const doorOf = ({ kind, seat }: ReturnType<typeof opened>) => kind.door?.(seat, () => messageOf(1));

  it('lets in whose message is accepted, and keeps out whose stream or message is refused', async () => {
    await using server = await EventServer.start(guarded);
    const door = doorOf(opened({ url: server.url }));
    expect(await door?.knock('good', { signal: forever })).toEqual({ let: 'in', instance: 'boot-1' });
    expect(await door?.knock('bad', { signal: forever })).toEqual({
      let: 'out',
      status: 401,
      instance: 'boot-1',
    });
    expect(await door?.knock(null, { signal: forever })).toMatchObject({ let: 'out' });
    await using lax = await EventServer.start({ post: (response) => response.writeHead(401).end() });
    const other = doorOf(opened({ url: lax.url }));
    expect(await other?.knock('bad', { signal: forever })).toEqual({ let: 'out', instance: 'boot-1' });
  });
});
