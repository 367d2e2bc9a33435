import { describe, expect, it } from 'vitest';
import { createRelay } from '../../../../src/observe/network/index.js';
import { forever, messageOf, patient, run } from '../seats.js';
import type { EventServer } from '../sse/event-server.js';
import { chatOf, opened, said, trying } from './opened.js';

const asked = ({ asked: all }: EventServer) => all.map(({ url = '' }) => url.replace('/events', ''));

describe('a session that asks for what is new', () => {
  it('is in its room when it was answered, and tells what comes', async () => {
    const posts = [said(1)];
    await using server = await chatOf(posts);
    const { client, watcher } = opened({ url: server.url });
    await using _ = client;
    await client.connect({ signal: forever });
    await watcher.next('receive');
    posts.push(said(2));
    await watcher.next('receive', 2);
    expect(watcher.events).toEqual([
      { kind: 'connect', door: 'poll', token: 's1-1', conn: 1 },
      { kind: 'open', conn: 1 },
      { kind: 'join', room: 'lobby', conn: 1 },
      { kind: 'joined', room: 'lobby', conn: 1 },
      { kind: 'ready', claims: 'fresh', conn: 1 },
      expect.objectContaining({ kind: 'receive', message: `${run}.2.1`, position: '1', conn: 1 }),
      expect.objectContaining({ kind: 'receive', message: `${run}.2.2`, position: '2', conn: 1 }),
    ]);
    expect(asked(server).slice(0, 2)).toEqual(['', '?after=1']);
    expect(server.asked[0]?.headers).toMatchObject({ authorization: 'Bearer token-1' });
  });

  it('asks again on one socket, and goes on from where it had read when it comes back', async () => {
    const posts = [said(1), said(2)];
    const gone = await chatOf(posts);
    const { port, url } = gone;
    const { client, watcher } = trying({ url });
    await using _ = client;
    await watcher.next('receive', 2);
    await expect.poll(() => gone.asked.length).toBeGreaterThan(2);
    expect(new Set(gone.asked.map(({ socket }) => socket.remotePort)).size).toBe(1);
    await gone[Symbol.asyncDispose]();
    await watcher.next('refused');
    posts.push(said(3));
    await using back = await chatOf(posts, undefined, {}, port);
    await watcher.next('receive', 3);
    expect(asked(back)[0]).toBe('?after=2');
    expect(watcher.of('close')).toMatchObject([{ by: 'network', conn: 1 }]);
    expect(watcher.of('refused')[0]).toMatchObject({
      at: 'dial',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    expect(watcher.of('join').at(-1)).toMatchObject({ room: 'lobby', cursor: '2' });
    expect(watcher.kinds.slice(-2)).toEqual(['ready', 'receive']);
    expect(watcher.of('ready').at(-1)).toMatchObject({ claims: 'unstated' });
  });

  it('takes the cursor from the answer where there is a function for it, and tells it in positions', async () => {
    await using server = await chatOf([said(1)], (response, { url = '' }, nth) => {
      if (nth === 3) return response.writeHead(500).end('oops');
      response.end(JSON.stringify(url.includes('since') ? [] : [said(7)]));
      return false;
    });
    const { client, watcher } = trying({
      url: server.url,
      after: 'since',
      next: ({ body }) => ((body as unknown[]).length > 0 ? 'page=é' : null),
    });
    await using _ = client;
    await watcher.next('ready', 2);
    expect(new Set(asked(server))).toEqual(new Set(['', '?since=page%3D%C3%A9']));
    expect(watcher.of('join')[1]).toMatchObject({ cursor: '7' });
    expect(watcher.of('close')).toEqual([
      { kind: 'close', by: 'target', reason: 'status 500: oops', conn: 1 },
    ]);
  });

  it('does not go back where a list begins with the newest', async () => {
    await using server = await chatOf([said(3), said(2), said(1)]);
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('receive', 3);
    await expect.poll(() => server.asked.length).toBeGreaterThan(2);
    expect(watcher.of('receive')).toHaveLength(3);
  });

  it('asks at once where more is there', async () => {
    const posts = [1, 2, 3, 4, 5].map(said);
    await using server = await chatOf(posts, (response, { url = '' }) => {
      const after = Number(new URL(url, 'http://here').searchParams.get('after'));
      return response.end(JSON.stringify(posts.slice(after, after + 2)));
    });
    const { client, watcher } = trying({
      ...{ url: server.url, intervalMs: 60_000 },
      more: ({ body }) => (body as unknown[]).length === 2,
    });
    await using _ = client;
    await watcher.next('receive', 5);
    expect(asked(server)).toEqual(['', '?after=2', '?after=4']);
  });

  it('has a question held, but not the first one, and takes an empty answer for nothing new', async () => {
    const held: (() => void)[] = [];
    await using server = await chatOf([], (response, { url = '' }) => {
      if (!url.includes('wait')) return true;
      held.push(() => response.writeHead(204).end());
      return false;
    });
    const longPoll = { query: 'wait', value: 20, atMostMs: 20_000 };
    const { client, watcher } = trying({ url: server.url, longPoll, receive: () => null });
    await using _ = client;
    await watcher.next('ready');
    await expect.poll(() => held.length).toBe(1);
    held[0]?.();
    await expect.poll(() => held.length).toBe(2);
    expect(asked(server)).toEqual(['', '?wait=20', '?wait=20']);
    expect(watcher.of('close')).toEqual([]);
  });

  it('asks for each room where the address has a place for it', async () => {
    await using server = await chatOf([said(1)]);
    const { client, watcher } = trying({ url: `${server.url}/{room}` }, { seat: { rooms: ['a', 'b'] } });
    await using _ = client;
    await watcher.next('receive', 2);
    expect(watcher.of('joined').map(({ room }) => room)).toEqual(['a', 'b']);
    expect(watcher.of('open')).toHaveLength(1);
    expect(asked(server).slice(0, 2)).toEqual(['/a', '/b']);
  });

  it('is cut by the relay, and comes back', async () => {
    const posts = [said(1)];
    await using server = await chatOf(posts);
    await using relay = createRelay();
    const door = await relay.door('1', '127.0.0.1', server.port);
    const resolve = (url: string) => {
      const address = new URL(url);
      address.port = String(door.port);
      return address;
    };
    const { client, watcher } = trying(
      { url: server.url },
      { seat: { resolve, origin: (url) => new URL(url) } },
    );
    await using _ = client;
    await watcher.next('receive');
    door.cut();
    expect(await watcher.next('close')).toMatchObject({ by: 'network' });
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'unoffered' });
    posts.push(said(2));
    door.restore();
    await watcher.next('receive', 2);
    expect(watcher.of('receive').map(({ position }) => position)).toEqual(['1', '2']);
  });

  it('sends by requests, and only while its questions are answered', async () => {
    await using server = await chatOf([], (_, __, nth) => nth < 3);
    const { client, watcher } = trying({ url: server.url, answerWithinMs: 1_000 });
    await using _ = client;
    await watcher.next('ready');
    expect(await client.send(messageOf(1), patient())).toEqual({ answer: 'ack', position: '1' });
    expect(await watcher.next('close')).toMatchObject({ by: 'network', reason: 'no answer came in time' });
    expect(await client.send(messageOf(2), patient())).toMatchObject({ answer: 'unoffered' });
  });

  it('leaves: it asks no more, and tells nothing', async () => {
    await using server = await chatOf([]);
    const { client, watcher } = opened({ url: server.url });
    await client.connect({ signal: forever });
    await client[Symbol.asyncDispose]();
    await client[Symbol.asyncDispose]();
    const { length } = server.asked;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.asked.length - length).toBeLessThanOrEqual(1);
    expect(watcher.events.at(-1)).toMatchObject({ kind: 'close', by: 'session' });
  });
});

describe('a target that does not answer a question', () => {
  it.each([401, 403])('refuses the token by %i, at first and later: another one is tried', async (status) => {
    await using server = await chatOf([], (response, _, nth) =>
      nth === 1 || nth === 3 ? response.writeHead(status).end('not token-1') : true,
    );
    const { client, watcher, seat } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('ready', 2);
    expect(watcher.of('refused')).toMatchObject([{ at: 'sign-in', status, reason: 'not [redacted]' }]);
    expect(watcher.of('close')).toMatchObject([{ by: 'target', reason: `status ${status}: not token-1` }]);
    expect(seat.refusedTokens).toEqual(['s1-1', 's1-2']);
  });

  it('says 503 and when to come again, which is heeded', async () => {
    await using server = await chatOf([], (response, _, nth) =>
      nth === 1 ? response.writeHead(503, { 'retry-after': '0.05' }).end('draining') : true,
    );
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({ at: 'join', status: 503, reason: 'draining' });
    expect((await watcher.next('wait')).ms).toBeGreaterThanOrEqual(50);
    await watcher.next('ready');
  });

  it('accepts and says nothing: the attempt ends in time, and says which room was not read', async () => {
    await using server = await chatOf([], () => false);
    const { client, watcher } = trying({ url: server.url, answerWithinMs: 30 });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'handshake',
      reason: 'no answer came in time',
    });
  });

  it('answers more than is taken', async () => {
    await using server = await chatOf([], (response) => response.end('x'.repeat(2_000)));
    const { client, watcher } = trying({ url: server.url, maxAnswerBytes: 1_000 });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      reason: 'the target sent an answer of more than 1000 bytes',
    });
  });

  it('has a token of which no request can be made', async () => {
    const credentials = () => Promise.resolve({ token: 'line\nbreak', label: 's1-1' });
    const { client, watcher } = trying({ url: 'http://127.0.0.1:1/' }, { seat: { credentials } });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'dial',
      reason: expect.stringMatching(/Invalid character/),
    });
  });
});

describe('a config whose functions are wrong', () => {
  it.each([
    ['receive', () => 'text', 'a list of them or null'],
    [
      'receive',
      () => [{ room: 'lobby', text: 'x' }],
      'messages with a `position`, since there is no function `next`',
    ],
    ['next', () => ({}), 'the cursor of the next question'],
    ['next', () => null, 'the cursor of the next question'],
    ['more', () => 1, 'true or false'],
  ])('is blamed for what `%s` gives', async (name, wrong, words) => {
    await using server = await chatOf([said(1)]);
    const { client, faults } = trying({ url: server.url, [name]: wrong });
    await using _ = client;
    await expect.poll(() => faults.length).toBe(1);
    expect(faults[0]).toMatchObject({ code: 'MAPPING_FAILED', message: expect.stringContaining(words) });
  });
});

describe('a door that is a question', () => {
  it('lets in whom it answers, and keeps out by 401', async () => {
    await using server = await chatOf([], (response, { headers }) =>
      headers.authorization === 'Bearer good' ? true : response.writeHead(401).end(),
    );
    const { kind, seat } = opened({ url: server.url });
    const door = kind.door?.(seat, () => messageOf(1));
    expect(await door?.knock('good', { signal: forever })).toEqual({ let: 'in' });
    expect(await door?.knock('bad', { signal: forever })).toEqual({ let: 'out', status: 401 });
    expect(server.posts).toEqual([]);
  });
});
