import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageOf, OutlastError } from '../../src/base/errors.js';
import { checkConfig, loadConfig } from '../../src/config/index.js';
import { anonymous, launch, restart } from '../../src/index.js';
import { socketIo, type SocketIoOptions } from '../../src/socketio.js';

const right: SocketIoOptions = {
  url: 'http://127.0.0.1:{port:chat}',
  // As users write them: with the types of their own service.
  send: ({ id, room, text }) => ['say', room, text, id],
  acknowledge: (answer: { number: number }) => ({ position: answer.number }),
  receive: { said: (room: string, text: string) => ({ room, text }) },
};

const configOf = (client: unknown) => ({
  target: {
    services: {
      chat: launch({
        command: 'node chat.js',
        environment: { PORT: '{port:chat}' },
        ready: 'http://127.0.0.1:{port:chat}/',
      }),
    },
    users: anonymous(),
    client,
  },
  disruption: restart('chat'),
});

function problems(changes: object): string {
  try {
    checkConfig(configOf({ ...socketIo(right), ...changes }));
  } catch (error) {
    return error instanceof OutlastError ? [error.message, ...error.details].join('\n') : messageOf(error);
  }
  return '';
}

describe('socketIo', () => {
  it('is taken with its times in milliseconds, and the library’s own waits where some are told', () => {
    const client = socketIo({
      ...right,
      ...{ ackTimeout: '2s', retries: Infinity, dialTimeout: '3s', backoff: { first: '50ms' } },
    });
    expect(checkConfig(configOf(client)).target.client).toMatchObject({
      kind: 'socket-io',
      ...{ ackTimeoutMs: 2_000, retries: Infinity, dialTimeoutMs: 3_000 },
      backoff: { firstMs: 50, maxMs: 5_000, jitter: 0.5 },
    });
  });

  it.each([
    [{ url: 'http://127.0.0.1:1/chat' }, 'target.client.url', 'use `namespace` and `path`'],
    [{ url: 'tcp://127.0.0.1:1' }, 'target.client.url', 'begins with http://'],
    [{ path: 'live' }, 'target.client.path', 'begins with /'],
    [{ namespace: 'chat' }, 'target.client.namespace', 'begins with /'],
    [{ transports: ['carrier pigeon'] }, 'target.client.transports[0]', "'polling' or 'websocket'"],
    [{ send: undefined }, 'target.client.send', '[event, …parameters]'],
    [{ receive: {} }, 'target.client.receive', '{ event: (…parameters)'],
    [{ receive: { said: 7 } }, 'target.client.receive', '{ event: (…parameters)'],
    [{ acknowledge: true }, 'target.client.acknowledge', 'false, or a function'],
    [{ joined: () => null }, 'target.client.join', '`joined` confirms what `join` asks for'],
    [{ resume: true }, 'target.client.resume', '`auth` that uses `after`'],
    [{ retries: 3 }, 'target.client.ackTimeout', '`retries` are made when no answer came'],
    [{ retries: 0, ackTimeout: 5 }, 'target.client.retries', 'a whole number from 1, or Infinity'],
    [{ retries: 3, ackTimeout: 5, acknowledge: false }, 'target.client.retries', 'sends again what is not'],
    [{ retries: 3, ackTimeout: 5, join: () => ['join'] }, 'target.client.join', 'would keep a `join`'],
    [{ backoff: { jitter: 2 } }, 'target.client.backoff.jitter', 'a number from 0 to 1'],
    [{ reconnectionDelay: 5 }, 'target.client', "unknown key 'reconnectionDelay'"],
  ])('is told what is wrong with %j', (changes, at, words) => {
    expect(problems(changes)).toContain(at);
    expect(problems(changes)).toContain(words);
  });

  it('is imported from outlast/socketio by a config file, without being installed there', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'outlast-config-test-'));
    try {
      const text = `import { anonymous, defineConfig, launch, restart } from 'outlast';
import { socketIo } from 'outlast/socketio';
const chat = launch({ command: 'node chat.js', ready: 'http://127.0.0.1:8000/' });
const receive = { said: (room: string, text: string) => ({ room, text }) };
const client = socketIo({ url: 'http://127.0.0.1:8000', send: ({ text }) => ['say', text], receive });
export default defineConfig({ target: { services: { chat }, users: anonymous(), client }, disruption: restart('chat') });`;
      await writeFile(path.join(folder, 'outlast.config.ts'), text);
      expect((await loadConfig(undefined, folder)).target.client.kind).toBe('socket-io');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
