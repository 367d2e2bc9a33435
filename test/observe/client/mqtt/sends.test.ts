import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../src/observe/client/index.js';
import { createRelay } from '../../../../src/observe/network/index.js';
import { forever, messageOf, patient, run } from '../seats.js';
import { bare, Broker } from './broker.js';
import { entered, opened } from './opened.js';

/** A send that counts how often it was written. */
function counted() {
  const call = { signal: forever, times: 0, written: () => void (call.times += 1) };
  return call;
}

/** A session whose network can be taken away. */
async function behindRelay(broker: Broker, options: Parameters<typeof entered>[0]) {
  const relay = createRelay();
  const door = await relay.door('1', '127.0.0.1', broker.port);
  const resolve = (url: string) => {
    const through = new URL(url);
    through.host = `${door.host}:${door.port}`;
    return through;
  };
  const all = await entered(options, { resolve, origin: (url) => new URL(url) });
  return {
    ...all,
    door,
    [Symbol.asyncDispose]: async () => {
      await all.client[Symbol.asyncDispose]();
      await relay[Symbol.asyncDispose]();
    },
  };
}

describe('a message', () => {
  it.each([1, 2] as const)('of QoS %i is acknowledged, and comes back to its sender too', async (qos) => {
    await using broker = await Broker.start();
    const { client, watcher } = await entered({ url: broker.url, qos });
    await using _ = client;
    const call = counted();
    expect(await client.send(messageOf(1), call)).toEqual({ answer: 'ack' });
    expect(await watcher.next('receive')).toMatchObject({ room: 'lobby', message: `${run}.1.1`, conn: 1 });
    expect(call.times).toBe(1);
    await expect.poll(() => broker.published).toMatchObject([{ topic: 'outlast/lobby', qos, retain: false }]);
  });

  it('of QoS 0 is written, and unsure for ever', async () => {
    await using broker = await Broker.start();
    const { client, watcher, kind } = await entered({ url: broker.url, qos: 0 });
    await using _ = client;
    const call = counted();
    expect(await client.send(messageOf(1), call)).toEqual({
      ...{ answer: 'unsure', reason: 'QoS 0 is not acknowledged' },
    });
    expect(call.times).toBe(1);
    await watcher.next('receive');
    expect(Object.keys(kind.lacks)).toEqual(expect.arrayContaining(['acknowledgements', 'resume']));
  });

  it('is offered to nobody before the session was begun', async () => {
    await using broker = await Broker.start();
    const { client } = opened({ url: broker.url });
    await using _ = client;
    expect(await client.send(messageOf(1), patient())).toEqual({
      answer: 'unoffered',
      reason: 'not connected',
    });
  });

  it.each([0, 1, 2] as const)(
    'of QoS %i that is sent without a connection is written when there is one, not before',
    async (qos) => {
      await using broker = await Broker.start();
      await using session = await behindRelay(broker, { url: broker.url, qos });
      const { client, watcher, door } = session;
      door.cut();
      await watcher.next('close');
      const calls = [1, 2, 3].map(counted);
      const answers: Promise<Answer>[] = calls.map((call, index) => client.send(messageOf(index + 1), call));
      await watcher.next('refused', 2);
      expect(calls.map(({ times }) => times)).toEqual([0, 0, 0]);
      door.restore();
      const answer = qos === 0 ? 'unsure' : 'ack';
      expect(await Promise.all(answers)).toMatchObject([{ answer }, { answer }, { answer }]);
      expect(calls.map(({ times }) => times)).toEqual([1, 1, 1]);
      const texts = [1, 2, 3].map((number) => messageOf(number).text);
      await expect.poll(() => broker.published.map(({ payload }) => String(payload))).toEqual(texts);
    },
  );

  it('that was written and not acknowledged is written again on the next connection: another attempt of the same', async () => {
    let isMute = true;
    await using broker = await Broker.start({
      authorizePublish: (_client, _packet, done) => void (isMute || done(null)),
    });
    await using session = await behindRelay(broker, { url: broker.url });
    const { client, watcher, door } = session;
    const call = counted();
    const answer = client.send(messageOf(1), call);
    await expect.poll(() => call.times).toBe(1);
    isMute = false;
    door.cut();
    await watcher.next('close');
    door.restore();
    expect(await answer).toEqual({ answer: 'ack' });
    expect(call.times).toBe(2);
  });

  it('that was called off while there was no connection is unsure, and may still be written', async () => {
    await using broker = await Broker.start();
    await using session = await behindRelay(broker, { url: broker.url });
    const { client, watcher, door } = session;
    door.cut();
    await watcher.next('close');
    const off = new AbortController();
    let times = 0;
    const call = { signal: off.signal, written: () => void (times += 1) };
    const answer = client.send(messageOf(1), call);
    off.abort();
    expect(await answer).toMatchObject({ answer: 'unsure' });
    door.restore();
    await watcher.next('ready', 2);
    expect(times).toBe(1);
    // It was written before the session was in its room again: the library does so, and the sender itself misses it.
    expect(watcher.of('receive')).toEqual([]);
  });

  it('is one of several with the same text: each is answered, and written, for itself', async () => {
    await using broker = await Broker.start();
    const { client } = await entered({ url: broker.url });
    await using _ = client;
    const calls = [counted(), counted()];
    const answers = await Promise.all(calls.map((call) => client.send(messageOf(1), call)));
    expect(answers).toEqual([{ answer: 'ack' }, { answer: 'ack' }]);
    expect(calls.map(({ times }) => times)).toEqual([1, 1]);
  });

  it.each([
    ['refused by a code of MQTT 5', 0x87, { answer: 'nack', reason: 'PUBACK 135, not authorized' }],
    ['accepted where nobody subscribes', 0x10, { answer: 'ack' }],
  ] as const)('is %s', async (_what, code, expected) => {
    await using server = await bare((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([0x20, 3, 0, 0, 0]));
        socket.once('data', (asked: Buffer) => {
          socket.write(Buffer.from([0x90, 4, asked[2] ?? 0, asked[3] ?? 0, 0, 1]));
          // PUBLISH of QoS 1: its identifier stands behind the topic.
          socket.once('data', (said: Buffer) => {
            const at = said.indexOf('outlast/lobby') + 'outlast/lobby'.length;
            socket.write(Buffer.from([0x40, 3, said[at] ?? 0, said[at + 1] ?? 0, code]));
          });
        });
      });
    });
    const { client } = await entered({ url: server.url, version: 5 });
    await using _ = client;
    expect(await client.send(messageOf(1), patient())).toEqual(expected);
  });
});

describe('a payload of one’s own', () => {
  const own = {
    topic: (room: string) => `chat/${room}/messages`,
    send: ({ id, text, user }: { id: string; text: string; user: string }) => ({ id, body: text, by: user }),
    receive: (payload: unknown, { room }: { room: string }) => {
      const { id, body, by } = payload as Record<string, string>;
      return body === undefined ? null : { text: body, room, ...(id && { id }), ...(by && { from: by }) };
    },
  };

  it('carries the message as JSON, and is read again', async () => {
    await using broker = await Broker.start();
    const { client, watcher } = await entered({ url: broker.url, ...own });
    await using _ = client;
    await client.send(messageOf(1), patient());
    const { message, text } = messageOf(1);
    expect(await watcher.next('receive')).toMatchObject({ message, from: 'ada', id: message, room: 'lobby' });
    await expect.poll(() => broker.published[0]?.topic).toBe('chat/lobby/messages');
    expect(JSON.parse(String(broker.published[0]?.payload))).toEqual({ id: message, body: text, by: 'ada' });
  });

  it('is no message where the function says so, or where it is no JSON, which is noted once', async () => {
    await using broker = await Broker.start();
    const { client, watcher, notes, faults } = await entered({ url: broker.url, ...own });
    await using _ = client;
    for (const payload of ['{"other":1}', 'no JSON', 'none either'])
      broker.aedes.publish(
        { cmd: 'publish', topic: 'chat/lobby/messages', payload, qos: 1, dup: false, retain: false },
        () => undefined,
      );
    await client.send(messageOf(1), patient());
    await watcher.next('receive');
    expect(watcher.of('receive')).toHaveLength(1);
    expect([notes, faults]).toEqual([['mqtt: a payload was no JSON'], []]);
  });

  it.each([
    ['send', { send: () => undefined }, 'return a frame'],
    ['receive', { receive: () => ({ wrong: true }) as never }, '{ room, text }'],
  ])('whose function `%s` fails is the config’s fault', async (name, wrong, words) => {
    await using broker = await Broker.start();
    const { client, faults } = await entered({ url: broker.url, ...own, ...wrong });
    await using _ = client;
    await client.send(messageOf(1), patient());
    await expect.poll(() => faults.length).toBe(1);
    expect(faults[0]).toMatchObject({
      code: 'MAPPING_FAILED',
      message: expect.stringContaining(`\`${name}\``),
    });
    expect(faults[0]?.message).toContain(words);
  });
});
