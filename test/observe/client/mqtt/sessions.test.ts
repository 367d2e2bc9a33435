import { describe, expect, it } from 'vitest';
import { createRelay } from '../../../../src/observe/network/index.js';
import { forever, messageOf, patient, run, seatAt } from '../seats.js';
import { Broker, refusal } from './broker.js';
import { entered, opened } from './opened.js';

/** Two sessions in one room; the network of the second goes through a relay. */
async function pair(broker: Broker, session: 'clean' | 'kept') {
  const relay = createRelay();
  const door = await relay.door('2', '127.0.0.1', broker.port);
  const resolve = (url: string) => {
    const through = new URL(url);
    through.host = `${door.host}:${door.port}`;
    return through;
  };
  const speaker = await entered({ url: broker.url, session });
  const reader = await entered(
    { url: broker.url, session },
    { session: '2', resolve, origin: (url) => new URL(url) },
  );
  return {
    ...{ speaker, reader, door },
    [Symbol.asyncDispose]: async () => {
      for (const { client } of [speaker, reader]) await client[Symbol.asyncDispose]();
      await relay[Symbol.asyncDispose]();
    },
  };
}

/** How often each client has subscribed, by its id. */
function subscriptionsAt(broker: Broker): Map<string, number> {
  const counts = new Map<string, number>();
  broker.aedes.on('subscribe', (_, { id }) => counts.set(id, (counts.get(id) ?? 0) + 1));
  return counts;
}

describe('a session', () => {
  it('tells how it comes in: connect, open at CONNACK, join, joined at SUBACK, ready', async () => {
    await using broker = await Broker.start();
    const { client, watcher } = await entered({ url: broker.url });
    await using _ = client;
    expect(watcher.events).toEqual([
      { kind: 'connect', door: 'mqtt', token: 's1-1', conn: 1 },
      { kind: 'open', conn: 1 },
      { kind: 'join', room: 'lobby', conn: 1 },
      { kind: 'joined', room: 'lobby', conn: 1 },
      { kind: 'ready', claims: 'unstated', conn: 1 },
    ]);
  });

  it('shows its user and its token, and an id that no other session and no other run has', async () => {
    const shown: unknown[] = [];
    await using broker = await Broker.start({
      authenticate: ({ id }, user, password, done) => {
        shown.push([id, String(user), String(password)]);
        done(null, true);
      },
    });
    const { client } = await entered({ url: broker.url });
    await using _ = client;
    expect(shown).toEqual([[`outlast${run}1`, 'ada', 'token-1']]);
  });

  it('shows nobody’s name where there is no token', async () => {
    const shown: unknown[] = [];
    await using broker = await Broker.start({
      authenticate: (_client, user, password, done) => {
        shown.push([user, password]);
        done(null, true);
      },
    });
    const nobody = { credentials: () => Promise.resolve({ token: '', label: 's1-1' }) };
    const { client } = await entered({ url: broker.url }, nobody);
    await using _ = client;
    expect(shown).toEqual([[undefined, undefined]]);
  });

  it('that is clean misses what is said while it is away, and says nothing of a resumption', async () => {
    await using broker = await Broker.start();
    const counts = subscriptionsAt(broker);
    await using both = await pair(broker, 'clean');
    const { speaker, reader, door } = both;
    door.cut();
    await reader.watcher.next('close');
    expect(await speaker.client.send(messageOf(1), patient())).toEqual({ answer: 'ack' });
    door.restore();
    expect(await reader.watcher.next('ready', 2)).toMatchObject({ claims: 'unstated' });
    await speaker.client.send(messageOf(2), patient());
    expect(await reader.watcher.next('receive')).toMatchObject({ message: `${run}.1.2` });
    expect(counts.get(`outlast${run}2`)).toBe(2);
    expect(reader.kind.lacks.resume).toContain('clean session');
  });

  it('that is kept gets what was said while it was away, is in its rooms at CONNACK, and does not subscribe again', async () => {
    await using broker = await Broker.start();
    const counts = subscriptionsAt(broker);
    await using both = await pair(broker, 'kept');
    const { speaker, reader, door } = both;
    expect(reader.watcher.of('ready')).toMatchObject([{ claims: 'fresh' }]);
    door.cut();
    await reader.watcher.next('close');
    expect(await speaker.client.send(messageOf(1), patient())).toEqual({ answer: 'ack' });
    door.restore();
    expect(await reader.watcher.next('receive')).toMatchObject({ message: `${run}.1.1` });
    const { conn } = await reader.watcher.next('ready', 2);
    const told = reader.watcher.events.filter((seen) => seen.conn === conn).map(({ kind }) => kind);
    expect(told).toEqual(['connect', 'open', 'join', 'joined', 'ready', 'receive']);
    expect(reader.watcher.of('ready')[1]).toMatchObject({ claims: 'resumed' });
    expect(counts.get(`outlast${run}2`)).toBe(1);
    expect(reader.kind.lacks.resume).toBeUndefined();
  });

  it('that is kept by a broker that forgot it is told so, and subscribes again', async () => {
    const first = await Broker.start();
    const { client, watcher } = await entered({ url: first.url, session: 'kept' });
    await using _ = client;
    await first[Symbol.asyncDispose]();
    await watcher.next('refused');
    await using again = await Broker.start({ port: first.port });
    const counts = subscriptionsAt(again);
    expect(await watcher.next('ready', 2)).toMatchObject({ claims: 'fresh' });
    expect(counts.get(`outlast${run}1`)).toBe(1);
    expect(await client.send(messageOf(1), patient())).toEqual({ answer: 'ack' });
  });

  it('leaves nothing behind: what was kept for it is taken away, past the relay that holds its network back', async () => {
    await using broker = await Broker.start();
    await using both = await pair(broker, 'kept');
    const { reader, door } = both;
    door.cut();
    await reader.watcher.next('close');
    await reader.client[Symbol.asyncDispose]();
    // Whoever comes under its id now finds no session.
    const next = await entered({ url: broker.url, session: 'kept' }, { session: '2' });
    await using _ = next.client;
    expect(next.watcher.of('join')).toHaveLength(1);
    expect(next.watcher.of('ready')).toMatchObject([{ claims: 'fresh' }]);
  });

  it('leaves in the middle of coming in', async () => {
    await using broker = await Broker.start({ authorizeSubscribe: () => undefined });
    const { client, watcher } = opened({ url: broker.url });
    const connected = client.connect({ signal: forever });
    connected.catch(() => undefined);
    await watcher.next('join');
    await client[Symbol.asyncDispose]();
    await expect(connected).rejects.toThrow('disposed');
    await expect.poll(() => broker.aedes.connectedClients).toBe(0);
  });

  it('is called off and can be begun again', async () => {
    await using broker = await Broker.start();
    const { client, watcher } = opened({ url: broker.url });
    await using _ = client;
    const off = new AbortController();
    const connected = client.connect({ signal: off.signal });
    off.abort(new Error('enough'));
    await expect(connected).rejects.toThrow('enough');
    await client.connect({ signal: forever });
    expect(watcher.of('ready')).toHaveLength(1);
  });
});

describe('a topic', () => {
  it.each(['chat/+', 'chat/#', '$SYS/chat', '', 'nul\0', 'x'.repeat(65_536), 7 as never])(
    'such as %j is refused before anything is dialled',
    async (topic) => {
      const { client, faults, watcher } = opened({ url: 'mqtt://127.0.0.1:1', topic: () => topic });
      await using _ = client;
      await expect(client.connect({ signal: forever })).rejects.toMatchObject({ code: 'MAPPING_FAILED' });
      expect(faults).toMatchObject([{ message: expect.stringContaining('without + and #') }]);
      expect(watcher.events).toEqual([]);
    },
  );

  it('of two rooms is refused', async () => {
    const { client, faults } = opened(
      { url: 'mqtt://127.0.0.1:1', topic: () => 'chat' },
      { rooms: ['a', 'b'] },
    );
    await using _ = client;
    await expect(client.connect({ signal: forever })).rejects.toThrow('a topic of its own for each room');
    expect(faults).toHaveLength(1);
  });
});

describe('the door', () => {
  const guarded = () =>
    Broker.start({
      authenticate: (_client, user, password, done) => {
        const isGood = String(user) === 'ada' && String(password) === 'good-token';
        done(isGood ? null : refusal(5), isGood);
      },
    });

  it('lets a token in that may subscribe, and keeps out another, and none', async () => {
    await using broker = await guarded();
    const { kind } = opened({ url: broker.url });
    const door = kind.door?.(seatAt(), () => messageOf(1));
    expect(await door?.knock('good-token', { signal: forever })).toEqual({ let: 'in' });
    expect(await door?.knock('other-token', { signal: forever })).toEqual({ let: 'out', status: 403 });
    expect(await door?.knock(null, { signal: forever })).toEqual({ let: 'out', status: 403 });
    await expect.poll(() => broker.aedes.connectedClients).toBe(0);
  });

  it('has no answer of a broker that is not there, or says nothing', async () => {
    await using broker = await Broker.start({ authorizeSubscribe: () => undefined });
    const silent = opened({ url: broker.url }).kind.door?.(seatAt(), () => messageOf(1));
    expect(await silent?.knock('good-token', { signal: AbortSignal.timeout(50) })).toEqual({
      let: 'no-answer',
    });
    const dead = opened({ url: 'mqtt://127.0.0.1:1' }).kind.door?.(seatAt(), () => messageOf(1));
    expect(await dead?.knock('good-token', { signal: forever })).toEqual({ let: 'no-answer' });
  });
});
