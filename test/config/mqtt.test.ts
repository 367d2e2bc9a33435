import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutlastError } from '../../src/base/errors.js';
import { checkConfig, loadConfig } from '../../src/config/index.js';
import { anonymous, defineConfig, get, launch, restart } from '../../src/config/face.js';
import { mqtt } from '../../src/config/faces/mqtt.js';
import type { MqttOptions } from '../../src/config/input/mqtt.js';

const url = 'mqtt://127.0.0.1:{port:broker}';
const at = (options: Partial<MqttOptions>, target = {}) =>
  defineConfig({
    target: {
      services: {
        broker: launch({ command: 'broker {port:broker}', ready: 'tcp://127.0.0.1:{port:broker}' }),
      },
      users: anonymous(),
      client: mqtt({ url, ...options }),
      ...target,
    },
    disruption: restart('broker'),
  });

function problems(input: unknown): readonly string[] {
  try {
    checkConfig(input);
  } catch (error) {
    if (error instanceof OutlastError) return error.details;
    throw error;
  }
  return [];
}

describe('a client of MQTT', () => {
  it('is described with times in milliseconds, and no more than was told', () => {
    const { client } = checkConfig(
      at({ keepalive: '10s', reconnectPeriod: '250ms', version: 5, noLocal: true }),
    ).target;
    expect(client).toEqual({
      ...{ kind: 'mqtt', url, version: 5, noLocal: true },
      ...{ keepaliveMs: 10_000, reconnectPeriodMs: 250 },
    });
  });

  it.each<[string, Partial<MqttOptions>, string]>([
    ['another protocol', { url: 'http://127.0.0.1:1883' }, 'target.client.url: expected the broker'],
    ['a name in the address', { url: 'mqtt://ada:pw@127.0.0.1:1883' }, '`users` says who sessions are'],
    [
      'a version that is none',
      { version: 3 as never },
      'target.client.version: expected 4 (MQTT 3.1.1) or 5; got 3',
    ],
    ['a QoS that is none', { qos: 3 as never }, 'target.client.qos: expected 0, 1 or 2; got 3'],
    ['noLocal in 3.1.1', { noLocal: true }, 'target.client.noLocal: expected `version: 5`'],
    ['half a payload', { send: () => ({}) }, 'target.client.receive: expected a function'],
    ['the other half', { receive: () => null }, 'target.client.send: expected a function'],
    ['no pause at all', { reconnectPeriod: 0 }, 'target.client.reconnectPeriod: expected more than nothing'],
    ['a session that is none', { session: 'keep' as never }, "expected 'clean' or 'kept'; got 'keep'"],
    ['an unknown key', { clientId: 'mine' } as never, "unknown key 'clientId'"],
  ])('is refused with %s', (_what, options, line) => {
    expect(problems(at(options)).join('\n')).toContain(line);
  });

  it('has no host at which a path could be asked for', () => {
    const asked = at(
      {},
      { records: { profile: get('/users/me') }, whoAmI: get('/me', { user: () => 'ada' }) },
    );
    expect(problems(asked)).toEqual([
      expect.stringContaining('target.records.profile.url: expected a whole address'),
      expect.stringContaining('target.whoAmI.url: expected a whole address'),
    ]);
    const elsewhere = at({}, { records: { profile: get('http://127.0.0.1:8000/users/me') } });
    expect(problems(elsewhere)).toEqual([]);
  });

  it('is imported from outlast/mqtt, also where Outlast is not installed', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mqtt-config-test-'));
    try {
      const text = `
import { anonymous, attach, defineConfig, restart } from 'outlast';
import { mqtt } from 'outlast/mqtt';
export default defineConfig({
  target: {
    services: { broker: attach({ ready: 'tcp://127.0.0.1:1883', commands: { restart: ['true'] } }) },
    users: anonymous(),
    client: mqtt({ url: 'mqtt://127.0.0.1:1883' }),
  },
  disruption: restart('broker'),
});`;
      await writeFile(path.join(folder, 'outlast.config.ts'), text);
      const { target } = await loadConfig(undefined, folder);
      expect(target.client).toMatchObject({ kind: 'mqtt' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
