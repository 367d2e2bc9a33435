import { describe, expect, it } from 'vitest';
import { forever, messageOf, patient } from '../seats.js';
import { SocketIoChat } from './chat-server.js';
import { opened } from './opened.js';

/** Counts how often bytes were handed over. */
function counting(signal = forever) {
  const counted = { times: 0, signal, written: () => void (counted.times += 1) };
  return counted;
}

const retrying = {
  ...{ retries: 20, ackTimeoutMs: 100, join: undefined, joined: undefined, resume: false },
} as const;

describe('what is sent without a connection', () => {
  it('is kept by the library, leaves when there is one, and counts as written only then', async () => {
    const before = await SocketIoChat.start();
    const { client, watcher, kind } = opened({ url: before.url });
    await using _ = client;
    expect([kind.offlineSend, kind.reconnects, kind.resends]).toEqual(['buffered', 'itself', 'workload']);
    await client.connect({ signal: forever });
    await before.kill();
    await watcher.next('refused');
    const calls = [counting(), counting()] as const;
    const answers = calls.map((call, index) => client.send(messageOf(index + 1), call));
    await watcher.next('refused', watcher.of('refused').length + 2);
    expect(calls.map(({ times }) => times)).toEqual([0, 0]);
    await using after = await SocketIoChat.start({}, before.port);
    expect(await Promise.all(answers)).toMatchObject([{ answer: 'ack' }, { answer: 'ack' }]);
    expect(calls.map(({ times }) => times)).toEqual([1, 1]);
    // Before anybody was back in a room: the library sends what it kept first.
    expect(after.taken).toEqual([messageOf(1).message, messageOf(2).message]);
    await watcher.next('ready', 2);
    expect(after.log).toHaveLength(2);
  });

  it('is unsure when it is called off, and is still told when it leaves after all', async () => {
    const before = await SocketIoChat.start();
    const { client, watcher } = opened({ url: before.url });
    await using _ = client;
    await client.connect({ signal: forever });
    await before.kill();
    await watcher.next('close');
    const off = new AbortController();
    const call = counting(off.signal);
    const answer = client.send(messageOf(1), call);
    off.abort();
    expect(await answer).toMatchObject({ answer: 'unsure' });
    await using after = await SocketIoChat.start({}, before.port);
    await after.hasTaken(1);
    expect(call.times).toBe(1);
  });

  it('is unoffered when the session leaves before there is a connection', async () => {
    const server = await SocketIoChat.start();
    const { client, watcher } = opened({ url: server.url });
    await client.connect({ signal: forever });
    await server.kill();
    await watcher.next('close');
    const answer = client.send(messageOf(1), patient());
    await client[Symbol.asyncDispose]();
    expect(await answer).toMatchObject({ answer: 'unoffered' });
  });

  it('is unoffered when the library gives up before it could leave', async () => {
    const server = await SocketIoChat.start();
    const { client, watcher } = opened({ url: server.url, ackTimeoutMs: 30 });
    await using _ = client;
    await client.connect({ signal: forever });
    await server.kill();
    await watcher.next('close');
    expect(await client.send(messageOf(1), patient())).toEqual({
      answer: 'unoffered',
      reason: 'the library gave up: operation has timed out',
    });
  });

  it('is unoffered before the first connection, which nobody asked for', async () => {
    const { client } = opened({ url: 'http://127.0.0.1:1' });
    await using _ = client;
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'unoffered' });
  });
});

describe('a message without an answer', () => {
  it('is unsure when its connection is lost', async () => {
    const server = await SocketIoChat.start({ said: () => true });
    const { client } = opened({ url: server.url });
    await using _ = client;
    await client.connect({ signal: forever });
    const answer = client.send(messageOf(1), patient());
    await server.hasTaken(1);
    await server.kill();
    expect(await answer).toMatchObject({
      answer: 'unsure',
      reason: expect.stringContaining('connection was lost'),
    });
  });

  it('is unsure after the time that the library waits', async () => {
    await using server = await SocketIoChat.start({ said: () => true });
    const { client } = opened({ url: server.url, ackTimeoutMs: 30 });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toEqual({
      answer: 'unsure',
      reason: 'the library gave up: operation has timed out',
    });
  });

  it('is unsure where the answer says neither yes nor no', async () => {
    await using server = await SocketIoChat.start();
    const { client } = opened({ url: server.url, acknowledge: () => null });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'unsure' });
  });
});

describe('retries of the library', () => {
  it('are made until there is an answer, and each is told', async () => {
    await using server = await SocketIoChat.start({ said: () => server.taken.length < 3 });
    const { client, kind } = opened({ url: server.url, ...retrying });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(kind.resends).toBe('library');
    const call = counting();
    expect(await client.send(messageOf(1), call)).toMatchObject({ answer: 'ack' });
    expect([call.times, server.taken]).toEqual([3, [1, 1, 1].map(() => messageOf(1).message)]);
  });

  it('send one message at a time, in order', async () => {
    await using server = await SocketIoChat.start();
    const { client } = opened({ url: server.url, ...retrying });
    await using _ = client;
    await client.connect({ signal: forever });
    const numbers = [1, 2, 3, 4, 5];
    const answers = await Promise.all(numbers.map((number) => client.send(messageOf(number), patient())));
    expect(answers.map((answer) => answer)).toEqual(
      numbers.map((position) => ({ answer: 'ack', position: `${position}` })),
    );
    expect(server.taken).toEqual(numbers.map((number) => messageOf(number).message));
  });

  it('go over a restart: what was not answered on one connection is sent on the next', async () => {
    const before = await SocketIoChat.start({ said: () => true });
    const { client, watcher } = opened({ url: before.url, ...retrying, ackTimeoutMs: 5_000 });
    await using _ = client;
    await client.connect({ signal: forever });
    const calls = [counting(), counting()] as const;
    const answers = calls.map((call, index) => client.send(messageOf(index + 1), call));
    await before.hasTaken(1);
    await before.kill();
    await watcher.next('refused');
    await using after = await SocketIoChat.start({}, before.port);
    expect(await Promise.all(answers)).toMatchObject([{ answer: 'ack' }, { answer: 'ack' }]);
    expect(calls.map(({ times }) => times)).toEqual([2, 1]);
    expect(after.taken).toEqual([messageOf(1).message, messageOf(2).message]);
  });

  it('end after as many as were asked for', async () => {
    await using server = await SocketIoChat.start({ said: () => true });
    const { client } = opened({ url: server.url, ...retrying, retries: 2, ackTimeoutMs: 300 });
    await using _ = client;
    await client.connect({ signal: forever });
    const call = counting();
    expect(await client.send(messageOf(1), call)).toMatchObject({ answer: 'unsure' });
    expect([call.times, server.taken.length]).toEqual([3, 3]);
  });
});
