import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { atOnce, type Run } from './support/at-once.js';
import { tokenKey } from './support/config.js';

// What is read where a restart cannot be carried out, restarts nothing, or does not end; and where a balancer is not there.

const chat = path.resolve(import.meta.dirname, 'fixtures/chat.js');

interface Plot {
  readonly disruption: string;
  /** Instead of the chat alone. */
  readonly services?: string;
  readonly url?: string;
}

const configOf = ({ disruption, services = '{ chat }', url = 'ws://127.0.0.1:{port:chat}/ws' }: Plot) => `
import { attach, command, defineConfig, jwt, launch, restart, rolling, watch, webSocket } from 'outlast';

const environment = { PORT: '{port:chat}', DATA: '{folder:chat}', JWT_SECRET: '${tokenKey}' };
const ready = 'http://127.0.0.1:{port:chat}/health';
const chat = launch({ command: ${JSON.stringify([process.execPath, chat])}, environment, ready, instance: 'boot' });

export default defineConfig({
  target: {
    services: ${services},
    users: jwt({ secret: '${tokenKey}' }),
    client: webSocket({ url: '${url}', token: 'query', dialTimeout: '2s' }),
  },
  workload: { sessions: 8, roomSize: 4, messagesPerSecond: 50, steady: '300ms', quiet: '300ms' },
  disruption: ${disruption},
});
`;

/** The second replica comes up once, and is never ready after that. */
const neverAgain = `{
  chat: launch({
    command: 'echo x >>"$DATA/runs"; if [ "$NUMBER" = 2 ] && [ "$(wc -l <"$DATA/runs")" -gt 1 ]; then echo waiting for the moon; exec sleep 600; fi; exec ${process.execPath} ${chat}',
    shell: true,
    environment: { ...environment, NUMBER: '{replica}' },
    ...{ ready, instance: 'boot', replicas: 3, readyWithin: '10s' },
  }),
}`;
const front = (how: string) => `{ chat, front: ${how} }`;

const runOf = atOnce({
  fails: configOf({ disruption: "command('echo cannot reach the registry; exit 3')" }),
  hangs: configOf({ disruption: "command('echo waiting for a person; sleep 600', { timeout: '1s' })" }),
  nothing: configOf({ disruption: "command('true', { ready: '1s' })" }),
  nobody: configOf({ disruption: "watch({ for: '1s' })" }),
  never: configOf({
    ...{ disruption: "rolling('chat')", services: neverAgain, url: 'ws://127.0.0.1:{port:chat.1}/ws' },
  }),
  missing: configOf({
    disruption: "restart('chat')",
    services: front(
      "launch({ command: ['no-such-balancer', '{port:front}'], ready: 'tcp://127.0.0.1:{port:front}', routesTo: ['chat'] })",
    ),
    url: 'ws://127.0.0.1:{port:front}/ws',
  }),
  absent: configOf({
    disruption: "restart('chat')",
    // Port 1 belongs to a service that nobody has run for decades.
    services: front("attach({ ready: 'tcp://127.0.0.1:1', routesTo: ['chat'] })"),
    url: 'ws://127.0.0.1:1/ws',
  }),
});

const checksOf = ({ verdict }: Run) => verdict.tests.flatMap(({ checks }) => checks);

describe('a deploy command', () => {
  it.each([
    ['fails', 'expected the deploy command to exit with 0; it exited with 3', 'cannot reach the registry'],
    ['hangs', 'expected the deploy command to end within 1 s; it hung and was ended', 'waiting for a person'],
  ])(
    'that %s says nothing about the target: unknown, with what it printed',
    async (name, message, printed) => {
      const run = runOf(name);
      expect(run, run.stdout).toMatchObject({ code: 3, verdict: { outcome: 'unknown' } });
      expect(run.stderr).toContain(`outlast: ${message}\n  ${printed}\n(DISRUPTION_FAILED;`);
      expect(checksOf(run).filter(({ outcome }) => outcome === 'fail')).toEqual([]);
      await run.place.expectNothingLeft();
    },
  );

  it('that succeeds and restarts nothing proves nothing', async () => {
    const run = runOf('nothing');
    expect(run, run.stdout).toMatchObject({ code: 3, verdict: { outcome: 'unknown' } });
    expect(run.stderr).toContain('not proved: no connection was refused, and no other instance is told');
    expect(checksOf(run).find(({ id }) => id === 'connection-was-lost')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringContaining('It is not proved that chat was restarted'),
    });
    await run.place.expectNothingLeft();
  });
});

describe('a watch', () => {
  it('that nobody answers with a deploy is unknown, and says at which door nothing changed', async () => {
    const run = runOf('nobody');
    expect(run, run.stdout).toMatchObject({ code: 3, verdict: { outcome: 'unknown' } });
    expect(run.stderr).toMatch(
      /outlast: expected somebody to deploy chat within 1 s; nothing changed at http:\/\/127\.0\.0\.1:\d+\/health\n\(DISRUPTION_FAILED;/,
    );
    await run.place.expectNothingLeft();
  });
});

describe('a rollout', () => {
  it('whose second replica never gets ready stops there, has failed, and leaves the third as it was', async () => {
    const run = runOf('never');
    expect(run, run.stdout).toMatchObject({ code: 1, verdict: { outcome: 'fail' } });
    expect(run.stderr).toContain(
      'the rollout of chat stopped at replica 2 of 3; chat.3 was left as before; it was started once more, in vain',
    );
    expect(run.stderr).toContain('\n  waiting for the moon\n');
    expect(run.stderr).toContain('(RESTART_FAILED;');
    await run.place.expectNothingLeft();
  });
});

describe('a balancer', () => {
  it('whose program is not there is told by its name, before anybody connects', async () => {
    const run = runOf('missing');
    expect(run, run.stdout).toMatchObject({ code: 3, verdict: { outcome: 'unknown' } });
    expect(run.stderr).toContain('expected to start front with the program no-such-balancer');
    expect(run.stderr).toContain('There is no such program: install it');
    expect(run.stderr).toContain('(TARGET_EXITED;');
    await run.place.expectNothingLeft();
  });

  it('that somebody else runs and that is down makes the run skipped, with the door that refused', async () => {
    const run = runOf('absent');
    const reason = 'front is not ready at tcp://127.0.0.1:1: connection refused';
    expect(run, run.stderr).toMatchObject({ code: 0, verdict: { outcome: 'skipped', reason } });
    await run.place.expectNothingLeft();
  });
});
