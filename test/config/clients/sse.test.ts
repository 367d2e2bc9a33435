import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/config/index.js';
import { anonymous, defineConfig, launch, restart, sse } from '../../../src/config/face.js';
import type { SendAnswer, StreamedEvent } from '../../../src/index.js';
import { problemsIn } from '../problems-of.js';

const right = {
  url: 'http://127.0.0.1:{port:chat}/rooms/{room}/events',
  send: () => ({ path: '/messages' }),
  receive: () => null,
};
const services = {
  chat: launch({ command: 'node chat.js {port:chat}', ready: 'http://127.0.0.1:{port:chat}/' }),
};
const configOf = (client: unknown) => ({
  target: { services, users: anonymous(), client },
  disruption: restart('chat'),
});

const problems = (client: unknown) => problemsIn(configOf(client));

describe('sse({ … }) in a config', () => {
  it('takes what differs from the defaults, times in milliseconds', () => {
    const client = sse({ ...right, idleTimeout: '20s', dialTimeout: 500, backoff: { max: '5s' } });
    const checked = checkConfig(configOf(client)).target.client;
    expect(checked).toEqual({
      ...{ kind: 'sse', ...right, idleTimeoutMs: 20_000, dialTimeoutMs: 500 },
      backoff: { firstMs: 100, maxMs: 5_000, factor: 2 },
    });
  });

  it('lets functions say more exactly what they take', () => {
    interface Said {
      readonly text: string;
    }
    const client = sse({
      ...right,
      receive: ({ data }: StreamedEvent<Said>) => ({ room: 'lobby', text: data.text }),
      acknowledge: ({ body }: SendAnswer<{ number: number }>) => ({ position: body.number }),
    });
    const config = defineConfig({
      target: { services, users: anonymous(), client },
      disruption: restart('chat'),
    });
    expect(problems(config.target.client)).toEqual([]);
  });

  it.each([
    [{ url: 'ws://127.0.0.1/' }, 'target.client.url: expected where sessions listen: an address that begins'],
    [{ url: 'http://127.0.0.1/{channel}' }, '{room}, {rooms} and {user} may stand in it'],
    [
      { send: undefined },
      "target.client.send: expected a function ({ id, room, text, user }) => ({ path: '/…', body })",
    ],
    [{ receive: 1 }, 'target.client.receive: expected a function ({ event, id, data })'],
    [{ token: 'cookie' }, "target.client.token: expected 'header', 'query', { header, prefix } or { query }"],
    [{ lastEventId: 'header' }, 'target.client.lastEventId: expected { header } or { query }'],
    [{ retry: true }, "target.client: unknown key 'retry'"],
  ])('says what is wrong with %o', (wrong, words) => {
    expect(problems({ kind: 'sse', ...right, ...wrong }).join('\n')).toContain(words);
  });
});
