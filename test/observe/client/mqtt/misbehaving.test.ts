import { describe, expect, it } from 'vitest';
import { messageOf, patient } from '../seats.js';
import { bare, Broker, refusal } from './broker.js';
import { entered, trying } from './opened.js';

describe('a broker that misbehaves', () => {
  it('is not there: the dial is refused, and tried again after the pause of the library', async () => {
    const gone = await Broker.start();
    await gone[Symbol.asyncDispose]();
    const { client, watcher } = trying({ url: gone.url });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      ...{ at: 'dial', conn: 1, reason: expect.stringContaining('ECONNREFUSED') },
    });
    expect(await watcher.next('wait')).toMatchObject({ ms: 10, why: 'backoff' });
    await watcher.next('refused', 2);
    await using _back = await Broker.start({ port: gone.port });
    await watcher.next('ready');
    expect(watcher.of('close')).toEqual([]);
    expect(watcher.of('connect').map(({ conn }) => conn)).toEqual(
      watcher.of('connect').map((_each, index) => index + 1),
    );
  });

  it.each([
    [4, 401, 'bad user name or password'],
    [5, 403, 'not authorized'],
  ] as const)(
    'refuses the password (CONNACK %i): a definite no, and another password is asked for',
    async (code, status, words) => {
      await using broker = await Broker.start({
        authenticate: (_client, user, password, done) => {
          const isGood = String(user) === 'ada' && String(password) === 'token-3';
          done(isGood ? null : refusal(code), isGood);
        },
      });
      const { client, watcher, seat } = await entered({ url: broker.url });
      await using _ = client;
      expect(watcher.of('refused')).toMatchObject([
        { at: 'sign-in', status, reason: `CONNACK ${code}, ${words}`, conn: 1 },
        { at: 'sign-in', status, reason: `CONNACK ${code}, ${words}`, conn: 2 },
      ]);
      expect(seat.refusedTokens).toEqual(['s1-1', 's1-2']);
      expect(watcher.of('connect').map(({ token }) => token)).toEqual(['s1-1', 's1-2', 's1-3']);
    },
  );

  it('speaks another version: the reason says which key of the config to look at', async () => {
    await using server = await bare((socket) =>
      socket.once('data', () => socket.end(Buffer.from([0x20, 2, 0, 1]))),
    );
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'handshake',
      reason: 'CONNACK 1, unacceptable protocol version: the client speaks the `version` of the config',
    });
  });

  it('speaks 3.1.1 only where 5 is spoken: the same', async () => {
    await using server = await bare((socket) =>
      socket.once('data', () => socket.end(Buffer.from([0x20, 2, 0, 1]))),
    );
    const { client, watcher } = trying({ url: server.url, version: 5 });
    await using _ = client;
    expect((await watcher.next('refused')).reason).toContain('the `version` of the config');
  });

  it('is not ready yet (CONNACK 3): tried again, with the same password', async () => {
    let attempts = 0;
    await using broker = await Broker.start({
      preConnect: (client, _packet, done) => {
        if (++attempts > 1) return done(null, true);
        client.conn.end(Buffer.from([0x20, 2, 0, 3]));
      },
    });
    const { client, watcher, seat } = await entered({ url: broker.url });
    await using _ = client;
    expect(watcher.of('refused')).toMatchObject([
      { at: 'handshake', reason: 'CONNACK 3, server unavailable' },
    ]);
    expect(seat.refusedTokens).toEqual([]);
  });

  it('closes in the handshake', async () => {
    await using server = await bare((socket) => socket.once('data', () => socket.end()));
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    expect(await watcher.next('refused', 2)).toMatchObject({
      ...{ at: 'handshake', conn: 2, reason: 'the broker closed the connection before its CONNACK' },
    });
    expect([client.connected, watcher.of('open')]).toEqual([false, []]);
  });

  it('answers in another protocol', async () => {
    await using server = await bare((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(20)));
    const { client, watcher } = trying({ url: server.url });
    await using _ = client;
    await watcher.next('refused', 2);
    expect(watcher.of('open')).toEqual([]);
  });

  it('accepts and says nothing: the attempt ends in time', async () => {
    await using server = await bare(() => undefined);
    const { client, watcher } = trying({ url: server.url, connectTimeoutMs: 30 });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({ at: 'handshake', reason: 'connack timeout' });
    await watcher.next('connect', 2);
  });

  it('confirms no subscription: the session hangs up in time, says which room, and comes again', async () => {
    await using broker = await Broker.start({ authorizeSubscribe: () => undefined });
    const { client, watcher } = trying({ url: broker.url, connectTimeoutMs: 30 });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'join',
      reason: 'expected to be in every room within 30 ms; not confirmed: lobby',
    });
    expect(await watcher.next('close')).toMatchObject({ by: 'session', conn: 1 });
    await watcher.next('open', 2);
    expect(watcher.of('ready')).toEqual([]);
  });

  it('refuses a subscription: not in its room, and why', async () => {
    await using broker = await Broker.start({
      authorizeSubscribe: (_client, _subscription, done) => done(null, null),
    });
    const { client, watcher } = trying({ url: broker.url });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      at: 'join',
      reason: 'lobby: SUBACK 128, unspecified error',
    });
    expect(client.connected).toBe(false);
  });

  it('grants less than was asked for: said once', async () => {
    await using server = await bare((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([0x20, 2, 0, 0]));
        // SUBACK with the identifier of the SUBSCRIBE: QoS 0.
        socket.once('data', (asked: Buffer) =>
          socket.write(Buffer.from([0x90, 3, asked[2] ?? 0, asked[3] ?? 0, 0])),
        );
      });
    });
    const { client, notes } = await entered({ url: server.url });
    await using _ = client;
    expect(notes).toEqual(['mqtt: the broker granted QoS 0 where 1 was asked for']);
  });

  it('never acknowledges a message: unsure when it is called off, and the connection stays', async () => {
    await using broker = await Broker.start({ authorizePublish: () => undefined });
    const { client, watcher } = await entered({ url: broker.url });
    await using _ = client;
    const off = new AbortController();
    const written = () => setImmediate(() => off.abort());
    const answer = await client.send(messageOf(1), { signal: off.signal, written });
    expect(answer).toEqual({ answer: 'unsure', reason: 'no answer came in time' });
    expect([client.connected, watcher.of('close')]).toEqual([true, []]);
  });

  it('cannot be told from the broker that a relay cuts off: no goodbye, and back again', async () => {
    const sockets: { destroy(): void }[] = [];
    await using broker = await Broker.start({ accepted: (socket) => sockets.push(socket) });
    const { client, watcher } = await entered({ url: broker.url });
    await using _ = client;
    sockets[0]?.destroy();
    expect(await watcher.next('close')).toMatchObject({ by: 'network', conn: 1 });
    expect(await watcher.next('ready', 2)).toMatchObject({ conn: 2, claims: 'unstated' });
  });

  it('says goodbye in MQTT 5, with a code: so it is told', async () => {
    await using server = await bare((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([0x20, 3, 0, 0, 0]));
        socket.once('data', (asked: Buffer) => {
          socket.write(Buffer.from([0x90, 4, asked[2] ?? 0, asked[3] ?? 0, 0, 1]));
          socket.end(Buffer.from([0xe0, 2, 139, 0]));
        });
      });
    });
    const { client, watcher } = trying({ url: server.url, version: 5 });
    await using _ = client;
    expect(await watcher.next('close')).toMatchObject({
      ...{ by: 'target', code: 139, reason: 'DISCONNECT 139, server shutting down' },
    });
  });

  it('says a token back: it is veiled, and the leak is told', async () => {
    await using server = await bare((socket) => {
      // CONNACK of MQTT 5: not authorized, with a reason string.
      const said = Buffer.from('no: token-1');
      const properties = Buffer.concat([Buffer.from([0x1f, 0, said.length]), said]);
      const body = Buffer.concat([Buffer.from([0, 135, properties.length]), properties]);
      socket.once('data', () => socket.end(Buffer.concat([Buffer.from([0x20, body.length]), body])));
    });
    const { client, watcher } = trying({ url: server.url, version: 5 });
    await using _ = client;
    expect(await watcher.next('refused')).toMatchObject({
      ...{ at: 'sign-in', status: 403, reason: 'CONNACK 135, not authorized: no: [redacted]' },
    });
    expect(watcher.of('leak')).toMatchObject([{ where: 'error' }]);
  });

  it('is left where no credentials are to be had: said, and asked for again', async () => {
    await using broker = await Broker.start();
    let asked = 0;
    const credentials = () =>
      ++asked === 1
        ? Promise.reject(new Error('no sign-in now'))
        : Promise.resolve({ token: 'good-token', label: 's1-1' });
    const { client, watcher } = await entered({ url: broker.url }, { credentials });
    await using _ = client;
    expect(watcher.kinds.slice(0, 3)).toEqual(['refused', 'wait', 'connect']);
    expect(watcher.of('refused')).toMatchObject([{ at: 'sign-in', reason: 'no sign-in now' }]);
  });

  it('goes away while the session leaves: it leaves all the same', async () => {
    const broker = await Broker.start({ authorizePublish: () => undefined });
    const { client } = await entered({ url: broker.url, session: 'kept' });
    const answer = client.send(messageOf(1), patient());
    await broker[Symbol.asyncDispose]();
    await client[Symbol.asyncDispose]();
    expect(await answer).toMatchObject({ answer: 'unsure' });
  });
});
