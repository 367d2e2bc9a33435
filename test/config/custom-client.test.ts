import { describe, expect, it } from 'vitest';
import { OutlastError } from '../../src/base/errors.js';
import { checkConfig } from '../../src/config/index.js';
import { defineClient, defineConfig, jwt, launch, restart } from '../../src/config/face.js';

const connect = () => ({ send: () => undefined, close: () => undefined });
const right = { name: 'chirp', url: 'ws://127.0.0.1:{port:chat}/', reconnects: 'us', connect } as const;

function configOf(client: unknown): unknown {
  const services = {
    chat: launch({ command: 'node chat.js {port:chat}', ready: 'http://127.0.0.1:{port:chat}/' }),
  };
  const users = jwt({ secret: 'only-for-trying' });
  return defineConfig({
    target: { services, users, client: client as ReturnType<typeof defineClient> },
    disruption: restart('chat'),
  });
}

function problems(changes: object): readonly string[] {
  try {
    checkConfig(configOf(defineClient({ ...right, ...changes })));
  } catch (error) {
    if (error instanceof OutlastError) return error.details;
    throw error;
  }
  return [];
}

describe('a client of one’s own', () => {
  it('is taken as it is, with its times in milliseconds', () => {
    const client = defineClient({
      ...right,
      lacks: { positions: 'it shows none', 'close-codes': 'it has none' },
      dialTimeout: '3s',
      backoff: { first: '10ms' },
    });
    expect(checkConfig(configOf(client)).target.client).toEqual({
      ...right,
      kind: 'custom',
      lacks: { positions: 'it shows none', 'close-codes': 'it has none' },
      dialTimeoutMs: 3_000,
      backoff: { firstMs: 10, maxMs: 2_000, factor: 2 },
    });
  });

  it.each([
    [{ connect: undefined }, /connect: expected a function \(session\) => \(\{ send, close \}\)/],
    [{ name: 'my client' }, /name: expected a name of letters, digits/],
    [{ url: 'chirp' }, /url: expected the address that the client dials, such as ws:/],
    [{ reconnects: 'never' }, /reconnects: expected 'itself' or 'us'/],
    [{ lacks: { position: 'no' } }, /lacks.*unknown key 'position'. Did you mean 'positions'\?/],
    [{ lacks: { closeCodes: 'none' } }, /lacks.*unknown key 'closeCodes'. Did you mean 'close-codes'\?/],
    [{ lacks: { positions: true } }, /lacks.positions: expected the reason, in words/],
    [{ reconnects: 'itself', backoff: {} }, /backoff: is for a client that we dial/],
    [{ reconnects: 'itself', dialTimeout: '1s' }, /dialTimeout: is for a client that we dial/],
    [{ offlineSend: 'buffered' }, /offlineSend: expected 'refused'/],
    [{ sends: connect }, /unknown key 'sends'/],
  ])('is refused with %j', (changes, said) => {
    expect(problems(changes)).toEqual([expect.stringMatching(said)]);
  });
});
