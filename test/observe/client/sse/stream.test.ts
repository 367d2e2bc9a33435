import { describe, expect, it } from 'vitest';
import { createRelay } from '../../../../src/observe/network/index.js';
import { tagOf } from '../../../../src/history/tag.js';
import { forever, messageOf, run } from '../seats.js';
import { EventServer, eventOf, openStream } from './event-server.js';
import { opened, trying } from './opened.js';

const text = (number: number, words = 'hello') => `${tagOf(`${run}.2.${number}`)} ${words}`;
const chat = (number: number, room = 'lobby', words?: string) =>
  eventOf({ room, text: text(number, words) }, { event: 'chat', id: String(number) });

describe('a session that listens to a stream', () => {
  it('opens it, is in its rooms, and tells what comes', async () => {
    await using server = await EventServer.start();
    const { client, watcher } = opened({ url: server.url });
    await using _ = client;
    await client.connect({ signal: forever });
    (await server.stream()).write(chat(1) + eventOf('nothing of ours') + chat(2, 'lobby', '👩‍👩‍👧\nnaïve'));
    await watcher.next('receive', 2);
    expect(watcher.events).toEqual([
      { kind: 'connect', door: 'sse', token: 's1-1', conn: 1 },
      { kind: 'open', instance: 'boot-1', conn: 1 },
      { kind: 'join', room: 'lobby', conn: 1 },
      { kind: 'joined', room: 'lobby', conn: 1 },
      { kind: 'ready', claims: 'fresh', conn: 1 },
      expect.objectContaining({ kind: 'receive', message: `${run}.2.1`, position: '1', conn: 1 }),
      expect.objectContaining({ kind: 'receive', message: `${run}.2.2`, position: '2' }),
    ]);
    expect(server.asked[0]?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer token-1',
      host: `127.0.0.1:${server.port}`,
    });
    expect(server.asked[0]?.headers['last-event-id']).toBeUndefined();
  });

  it('reads a text whose bytes arrive one by one', async () => {
    await using server = await EventServer.start();
    const { client, watcher } = opened({ url: server.url });
    await using _ = client;
    await client.connect({ signal: forever });
    const stream = await server.stream();
    for (const byte of Buffer.from(chat(1, 'lobby', '你好 🇳🇴'))) {
      stream.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    expect(await watcher.next('receive')).toMatchObject({
      digest: `digest of ${text(1, '你好 🇳🇴').length}`,
    });
  });

  it('comes back with the last event id, to the same port, and says up to where it had read', async () => {
    const gone = await EventServer.start();
    const { port, url } = gone;
    const { client, watcher } = trying({ url });
    await using _ = client;
    const stream = await gone.stream();
    stream.write(chat(1) + chat(2));
    await watcher.next('receive', 2);
    await gone[Symbol.asyncDispose]();
    await watcher.next('refused');
    await using back = await EventServer.start({}, port);
    await watcher.next('ready', 2);
    expect(back.asked[0]?.headers['last-event-id']).toBe('2');
    expect(watcher.of('join').at(-1)).toMatchObject({ room: 'lobby', cursor: '2' });
    expect(watcher.of('ready').at(-1)).toMatchObject({ claims: 'unstated' });
    expect(watcher.of('close')[0]).toMatchObject({ by: 'network', conn: 1 });
    expect(watcher.of('refused')[0]).toMatchObject({
      at: 'dial',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('takes the end of a stream for the target’s own, and a broken one for the network’s', async () => {
    await using server = await EventServer.start();
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    (await server.stream(1)).end();
    expect(await watcher.next('close')).toEqual({ kind: 'close', by: 'target', conn: 1 });
    (await server.stream(2)).destroy();
    expect(await watcher.next('close', 2)).toEqual({
      ...{ kind: 'close', by: 'network', conn: 2 },
      reason: 'the stream broke off',
    });
  });

  it('moves its cursor by an event that is none of ours, as browsers do', async () => {
    await using server = await EventServer.start();
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    const stream = await server.stream();
    stream.write(`${chat(1)}id: 5\n\n${eventOf('beat', { event: 'ping', id: '6' })}`);
    await watcher.next('receive');
    stream.end();
    await server.stream(2);
    expect(server.asked[1]?.headers['last-event-id']).toBe('6');
  });

  it('tells its cursor in the positions of the room, where ids are something else', async () => {
    await using server = await EventServer.start();
    const { client, watcher } = trying({
      url: server.url,
      receive: ({ data }) => data as { room: string; text: string; position: number },
    });
    await using _ = client;
    const stream = await server.stream();
    stream.write(eventOf({ room: 'lobby', text: text(1), position: 12 }, { id: 'f3:é' }));
    await watcher.next('receive');
    stream.end();
    await watcher.next('ready', 2);
    const sent = server.asked[1]?.headers['last-event-id'] ?? '';
    expect(Buffer.from(String(sent), 'latin1').toString()).toBe('f3:é');
    expect(watcher.of('join')[1]).toMatchObject({ cursor: '12' });
  });

  it('sends the id in a parameter where the service looks for it there, and none where it does not resume', async () => {
    await using server = await EventServer.start();
    for (const options of [{ lastEventId: { query: 'since' } }, { resume: false }] as const) {
      const { client, watcher } = trying({ url: server.url, token: 'query', ...options });
      await using _ = client;
      const nth = server.streams.length;
      (await server.stream(nth + 1)).write(chat(1));
      await watcher.next('receive');
      (await server.stream(nth + 1)).end();
      await server.stream(nth + 2);
    }
    expect(server.asked.map(({ url }) => url)).toEqual([
      ...['/events?token=token-1', '/events?token=token-1&since=1'],
      ...['/events?token=token-1', '/events?token=token-1'],
    ]);
    expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual(Array(4).fill(undefined));
  });

  it('opens a stream for each room where the address has a place for it, with a cursor for each', async () => {
    await using server = await EventServer.start();
    const url = `${server.url}/{room}?me={user}`;
    const { client, watcher } = trying({ url }, { seat: { rooms: ['a b', 'c'] } });
    await using _ = client;
    await watcher.next('ready');
    expect(server.asked.map((request) => request.url)).toEqual(['/events/a%20b?me=ada', '/events/c?me=ada']);
    expect(watcher.kinds.slice(1)).toEqual(['open', 'join', 'joined', 'join', 'joined', 'ready']);
    (await server.stream(1)).write(chat(1, 'a b'));
    await watcher.next('receive');
    (await server.stream(2)).end();
    await watcher.next('ready', 2);
    expect(server.asked.slice(2).map(({ headers }) => headers['last-event-id'])).toEqual(['1', undefined]);
  });

  it('waits for the event that confirms its rooms, where there is one', async () => {
    await using server = await EventServer.start();
    const { client, watcher, kind } = trying(
      {
        url: server.url,
        joined: ({ event, data, rooms }) =>
          event === 'welcome' ? rooms.map((room) => ({ room, head: data as number, resumed: false })) : null,
      },
      { seat: { rooms: ['a', 'b'] } },
    );
    await using _ = client;
    (await server.stream()).write(chat(1, 'a'));
    await watcher.next('receive');
    expect(client.connected).toBe(false);
    (await server.stream()).write(eventOf(7, { event: 'welcome' }));
    await watcher.next('ready');
    expect(watcher.of('joined')).toMatchObject([
      { room: 'a', head: '7' },
      { room: 'b', head: '7' },
    ]);
    expect(kind.lacks).toEqual({ 'close-codes': expect.any(String) });
  });

  it('waits as long as `retry` said before it comes back', async () => {
    await using server = await EventServer.start({
      stream: (response, _, nth) => (nth === 2 ? response.writeHead(500).end() : true),
    });
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    (await server.stream()).end('retry: 60\n\n');
    const [first, second] = [await watcher.next('wait'), await watcher.next('wait', 2)];
    expect([first.why, second.why]).toEqual(['retry-after', 'retry-after']);
    expect(Math.min(first.ms, second.ms)).toBeGreaterThanOrEqual(60);
    expect(Math.max(first.ms, second.ms)).toBeLessThan(100);
    await watcher.next('ready', 2);
  });

  it('gives a stream up on which nothing comes, and not one whose comments come', async () => {
    await using server = await EventServer.start();
    const { client, watcher } = trying({ url: server.url, idleTimeoutMs: 150 });
    await using _ = client;
    const stream = await server.stream();
    const since = performance.now();
    for (let beat = 0; beat < 6; beat++) {
      stream.write(': beat\n\n');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const closed = await watcher.next('close');
    expect(performance.now() - since).toBeGreaterThan(300);
    expect(closed).toMatchObject({ by: 'network', reason: 'nothing came for 150 ms, not even a comment' });
    await watcher.next('ready', 2);
  });

  it('is cut by the relay, streams and requests alike, and comes back with its cursor', async () => {
    await using server = await EventServer.start({ post: (_, __, nth) => nth > 1 });
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
    (await server.stream()).write(chat(1));
    await watcher.next('receive');
    const answer = client.send(messageOf(1), { signal: forever, written: () => undefined });
    await expect.poll(() => server.posts.length).toBe(1);
    door.cut();
    expect(await answer).toMatchObject({ answer: 'unsure', reason: expect.stringContaining('ECONNRESET') });
    expect(await watcher.next('close')).toMatchObject({ by: 'network' });
    await watcher.next('refused');
    door.restore();
    await watcher.next('ready', 2);
    expect(server.asked.map(({ headers }) => headers.host)).toEqual(
      Array(2).fill(`127.0.0.1:${server.port}`),
    );
    expect(server.asked[1]?.headers['last-event-id']).toBe('1');
  });

  it('leaves: nothing is told any more, and the server sees it go', async () => {
    await using server = await EventServer.start();
    const { client, watcher } = opened({ url: server.url });
    await client.connect({ signal: forever });
    const stream = await server.stream();
    const gone = new Promise((resolve) => stream.once('close', resolve));
    await client[Symbol.asyncDispose]();
    await client[Symbol.asyncDispose]();
    await gone;
    expect(watcher.events.at(-1)).toMatchObject({ kind: 'close', by: 'session' });
  });
});

describe('a target that does not stream', () => {
  const refusal = async (status: number, headers: Record<string, string> = {}, body = '') => {
    await using server = await EventServer.start({
      stream: (response, _, nth) => (nth === 1 ? response.writeHead(status, headers).end(body) : true),
    });
    const { client, watcher, seat } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('ready');
    return { refused: watcher.of('refused'), waits: watcher.of('wait'), tokens: seat.refusedTokens };
  };

  it.each([401, 403])('refuses the token by %i: another one is tried at once', async (status) => {
    const { refused, waits, tokens } = await refusal(status, {}, 'no token-1 here');
    expect(refused).toEqual([
      { kind: 'refused', at: 'handshake', status, reason: 'no [redacted] here', conn: 1 },
    ]);
    expect([waits, tokens]).toEqual([[], ['s1-1']]);
  });

  it('says 503 and when to come again, which is heeded', async () => {
    const { refused, waits } = await refusal(503, { 'retry-after': '0.05' }, 'draining');
    expect(refused).toMatchObject([{ status: 503, reason: 'draining' }]);
    expect(waits).toMatchObject([{ why: 'retry-after' }]);
    expect(waits[0]?.ms).toBeGreaterThanOrEqual(50);
  });

  it('says 204, not to come back: it is written down, and we do', async () => {
    const { refused } = await refusal(204);
    expect(refused).toMatchObject([
      { status: 204, reason: expect.stringContaining('asks not to come back') },
    ]);
  });

  it('answers something else than a stream', async () => {
    const { refused } = await refusal(200, { 'content-type': 'text/html' }, '<html>');
    expect(refused).toMatchObject([
      { at: 'handshake', status: 200, reason: 'expected text/event-stream, got text/html' },
    ]);
  });

  it('sends us elsewhere', async () => {
    const { refused } = await refusal(307, { location: '/other' });
    expect(refused).toMatchObject([{ status: 307, reason: 'it is elsewhere: /other' }]);
  });

  it('accepts and says nothing: the dial ends in time', async () => {
    await using server = await EventServer.start({ stream: () => undefined });
    const { client, watcher } = trying({ url: server.url, dialTimeoutMs: 40 });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'handshake',
      reason: 'expected to be in every room within 40 ms',
    });
  });

  it('opens and confirms no room: the dial ends in time and says which', async () => {
    await using server = await EventServer.start();
    const { client, watcher } = trying({ url: server.url, dialTimeoutMs: 900, joined: () => null });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'join',
      reason: 'expected to be in every room within 900 ms; not confirmed: lobby',
    });
    expect(await watcher.next('close')).toEqual({ kind: 'close', by: 'session', conn: 1 });
  });

  it('sends an event of 100 MB: the connection ends with the reason, long before all of it is here', async () => {
    let [sent, ended] = [0, false];
    const piece = Buffer.alloc(1024 * 1024, 'x');
    await using server = await EventServer.start({
      stream: async (response, _, nth) => {
        if (nth > 1) return true;
        openStream(response);
        response.once('close', () => (ended = true));
        response.write('data: ');
        for (; sent < 100 && !ended; sent++) {
          if (!response.write(piece))
            await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
        }
        return false;
      },
    });
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('close')).toMatchObject({
      by: 'session',
      reason: 'the target sent an event of more than 1048576 bytes',
    });
    await watcher.next('ready', 2);
    expect(sent).toBeLessThan(30);
  });

  it('sends garbage: it is ignored, and said once', async () => {
    await using server = await EventServer.start();
    const { client, watcher, notes } = trying({ url: server.url });
    await using _ = client;
    const stream = await server.stream();
    stream.write(
      Buffer.concat([Buffer.from([0xff, 0x00, 0x0a]), Buffer.from(`junk\nmore junk\n\n${chat(1)}`)]),
    );
    await watcher.next('receive');
    stream.end();
    expect(notes).toEqual(['sse: a line of the stream was no field of an event']);
    expect(await watcher.next('close')).toMatchObject({
      reason: 'a line of the stream was no field of an event (3 times)',
    });
  });

  it('has an address or a token of which no request can be made', async () => {
    const { client, watcher } = trying(
      { url: 'http://127.0.0.1:1/' },
      { seat: { credentials: () => Promise.resolve({ token: 'line\nbreak', label: 's1-1' }) } },
    );
    await using _ = client;
    const { reason } = await watcher.next('refused');
    expect(reason).toMatch(/Invalid character/);
    expect(reason).not.toContain('break');
  });
});

describe('a config whose functions are wrong', () => {
  it.each([
    ['receive', () => 'text', '`receive` of the client to return { room, text }, a list of them or null'],
    ['receive', () => ({ room: 'lobby' }), '`receive` of the client to return { room, text }'],
    ['joined', () => Promise.resolve(null), '`joined` of the client to return { room }'],
  ])('is blamed for what `%s` gives', async (name, wrong, words) => {
    await using server = await EventServer.start();
    const { client, faults } = trying({ url: server.url, dialTimeoutMs: 5_000, [name]: wrong });
    await using _ = client;
    (await server.stream()).write(eventOf({ secret: 'token-1' }));
    await expect.poll(() => faults.length).toBe(1);
    expect(faults[0]).toMatchObject({ code: 'MAPPING_FAILED' });
    expect(faults[0]?.message).toContain(words);
    expect(faults[0]?.message).toContain('[redacted]');
  });
});
