import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { atOnce } from './support/at-once.js';

// What is read where a broker is of no use: the error, what was expected, what came, and what to do.

const broker = path.resolve(import.meta.dirname, 'fixtures/bad-broker.js');
const password = 'a-password-of-the-test';

const configOf = (way: string) => `
import { atLeastOnce, credentials, defineConfig, launch, restart } from 'outlast';
import { mqtt } from 'outlast/mqtt';

export default defineConfig({
  target: {
    services: {
      broker: launch({
        command: ${JSON.stringify([process.execPath, broker, way])},
        environment: { PORT: '{port:broker}' },
        ready: 'tcp://127.0.0.1:{port:broker}',
      }),
    },
    users: credentials({ user: (number) => ({ name: \`u\${number}\`, password: '${password}' }) }),
    client: mqtt({ url: 'mqtt://127.0.0.1:{port:broker}', reconnectPeriod: '500ms' }),
  },
  contract: atLeastOnce(),
  workload: { sessions: 4, roomSize: 2 },
  disruption: restart('broker'),
});
`;

const notThere =
  'expected 2 sessions to be signed in and in their rooms within 30 s; auditors 5 and 6 were not. Look at';

const brokers: Readonly<Record<string, readonly [code: string, ...said: string[]]>> = {
  'refuses-the-password': [
    'TOKENS_REFUSED',
    'it refused the token of auditors 5 and 6 again and again',
    'Is the key or the password in `users` the target',
    'session 5: sign-in 401 CONNACK 4, bad user name or password',
  ],
  'speaks-another-version': [
    'SESSIONS_NOT_ESTABLISHED',
    notThere,
    'session 5: handshake CONNACK 1, unacceptable protocol version: the client speaks the `version` of the config',
  ],
  'closes-in-the-handshake': [
    'SESSIONS_NOT_ESTABLISHED',
    notThere,
    'session 5: handshake the broker closed the connection before its CONNACK',
  ],
  'never-acknowledges': [
    'NO_ROUND_TRIP',
    'expected a message from one auditor to another',
    'it arrived and was not acknowledged',
  ],
};

const runOf = atOnce(Object.fromEntries(Object.keys(brokers).map((way) => [way, configOf(way)])));

describe('a broker that is of no use', () => {
  it.each(Object.entries(brokers))(
    'because it %s: unknown, and it is told why',
    async (way, [code, ...said]) => {
      const run = runOf(way);
      expect(run).toMatchObject({ code: 3, signal: null, verdict: { outcome: 'unknown' } });
      for (const words of said) expect(run.stderr).toContain(words);
      expect(run.stderr).toContain(`(${code}; see docs/errors.md#${code.toLowerCase()}`);
      expect(`${run.stdout}${run.stderr}${run.place.read('run', 'history.ndjson')}`).not.toContain(password);
      await run.place.expectNothingLeft();
    },
  );
});
