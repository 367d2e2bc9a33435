import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/config/index.js';
import { anonymous, launch, poll, restart } from '../../../src/config/face.js';
import type { PolledAnswer } from '../../../src/index.js';
import { problemsIn } from '../problems-of.js';

const right = {
  url: 'http://127.0.0.1:{port:chat}/rooms/{room}',
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

describe('poll({ … }) in a config', () => {
  it('takes what differs from the defaults, times in milliseconds', () => {
    const client = poll({
      ...right,
      interval: '1s',
      answerWithin: 250,
      longPoll: { query: 'wait', value: 20, atMost: '20s' },
      next: ({ body }: PolledAnswer<{ next: string }>) => body.next,
    });
    expect(checkConfig(configOf(client)).target.client).toMatchObject({
      ...{ kind: 'poll', ...right, intervalMs: 1_000, answerWithinMs: 250 },
      longPoll: { query: 'wait', value: 20, atMostMs: 20_000 },
    });
  });

  it.each([
    [{ url: 'http://127.0.0.1/{name}' }, '{room}, {rooms} and {user} may stand in it'],
    [{ receive: undefined }, 'target.client.receive: expected a function ({ body, room })'],
    [{ longPoll: '20s' }, 'target.client.longPoll: expected longPoll: { query, value, atMost }'],
    [{ every: '1s' }, "target.client: unknown key 'every'"],
  ])('says what is wrong with %o', (wrong, words) => {
    expect(problems({ kind: 'poll', ...right, ...wrong }).join('\n')).toContain(words);
  });
});
