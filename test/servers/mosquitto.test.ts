import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entered, trying } from '../observe/client/mqtt/opened.js';
import { messageOf, patient, run, seatAt, forever } from '../observe/client/seats.js';
import { missing } from './support/needs.js';

// What Mosquitto does in MQTT 5, and across its own restart, as the client tells it.

const lack = await missing([{ program: 'mosquitto', debian: 'mosquitto' }], '.');
const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };

let folder = '';
let port = 0;
let broker: ChildProcess | null = null;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mosquitto-test-'));
  port = await freePort();
});
afterEach(async () => {
  await stop('SIGKILL');
  await rm(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const free = (server.address() as AddressInfo).port;
  server.close();
  await once(server, 'close');
  return free;
}

/** Starts it on this test's port, and waits until it accepts connections. Rejects where it ends instead. */
async function start(...lines: string[]): Promise<void> {
  const common = ['log_dest stderr', 'user root', `persistence_location ${folder}/`];
  const file = path.join(folder, 'mosquitto.conf');
  await writeFile(file, [`listener ${port} 127.0.0.1`, ...lines, ...common, ''].join('\n'));
  broker = spawn('mosquitto', ['-c', file], { env: environment, stdio: 'ignore' });
  while (!(await accepts())) {
    if (broker.exitCode !== null)
      throw new Error(`expected Mosquitto to stay; it ended with ${broker.exitCode}`);
    await sleep(10);
  }
}

async function stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (broker?.exitCode !== null || broker.signalCode !== null) return;
  const exited = once(broker, 'exit');
  broker.kill(signal);
  await exited;
}

const accepts = () =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const url = () => `mqtt://127.0.0.1:${port}`;
const open = ['allow_anonymous true'];
const persisted = [...open, 'persistence true'];

describe.skipIf(lack !== null)(`the mqtt client at Mosquitto${lack === null ? '' : ` (${lack})`}`, () => {
  it('hears itself in MQTT 5, and does not with noLocal', async () => {
    await start(...open);
    const self = await entered({ url: url(), version: 5 });
    await using _self = self.client;
    const quiet = await entered({ url: url(), version: 5, noLocal: true }, { session: '2' });
    await using _quiet = quiet.client;
    expect(await quiet.client.send(messageOf(1, 'hello', '2'), patient())).toEqual({ answer: 'ack' });
    expect(await self.client.send(messageOf(2), patient())).toEqual({ answer: 'ack' });
    await self.watcher.next('receive', 2);
    expect(await quiet.watcher.next('receive')).toMatchObject({ message: `${run}.1.2` });
    expect(quiet.watcher.of('receive')).toHaveLength(1);
  });

  it('learns in MQTT 5 that a publish is not allowed; in 3.1.1 it is acknowledged, and lost', async () => {
    const file = path.join(folder, 'acl');
    await writeFile(file, 'topic read outlast/#\n');
    await start(...open, `acl_file ${file}`);
    const five = await entered({ url: url(), version: 5 });
    await using _five = five.client;
    expect(await five.client.send(messageOf(1), patient())).toEqual({
      ...{ answer: 'nack', reason: 'PUBACK 135, not authorized' },
    });
    const four = await entered({ url: url() }, { session: '2' });
    await using _four = four.client;
    expect(await four.client.send(messageOf(1, 'hello', '2'), patient())).toEqual({ answer: 'ack' });
    expect([...five.watcher.of('receive'), ...four.watcher.of('receive')]).toEqual([]);
  });

  it.each([4, 5] as const)(
    'shows its password (MQTT %i), and comes with another where it is refused',
    async (version) => {
      const users = path.join(folder, 'users');
      await writeFile(users, 'ada:token-2\n');
      expect(spawnSync('mosquitto_passwd', ['-U', users], { env: environment }).status).toBe(0);
      await start('allow_anonymous false', `password_file ${users}`);
      const { client, watcher, seat, kind } = await entered({ url: url(), version });
      await using _ = client;
      expect(watcher.of('refused')).toMatchObject([{ at: 'sign-in', status: 403 }]);
      expect(seat.refusedTokens).toEqual(['s1-1']);
      const door = kind.door?.(seatAt(), () => messageOf(1));
      expect(await door?.knock('token-2', { signal: forever })).toEqual({ let: 'in' });
      expect(await door?.knock('token-1', { signal: forever })).toEqual({ let: 'out', status: 403 });
      expect(await door?.knock(null, { signal: forever })).toEqual({ let: 'out', status: 403 });
    },
  );

  it.each([
    ['SIGTERM', 'resumed', 4],
    ['SIGTERM', 'resumed', 5],
    ['SIGKILL', 'fresh', 4],
  ] as const)('comes back to a persisted session after %s: %s (MQTT %i)', async (signal, claims, version) => {
    await start(...persisted);
    const { client, watcher } = await entered({ url: url(), version, session: 'kept' });
    await using _ = client;
    await stop(signal);
    await watcher.next('refused');
    await start(...persisted);
    expect(await watcher.next('ready', 2)).toMatchObject({ claims });
    expect(await client.send(messageOf(1), patient())).toEqual({ answer: 'ack' });
    await watcher.next('receive');
  });

  it('leaves no session behind', async () => {
    await start(...persisted);
    const { client } = await entered({ url: url(), session: 'kept' });
    await client[Symbol.asyncDispose]();
    const next = trying({ url: url(), session: 'kept' });
    await using _ = next.client;
    expect(await next.watcher.next('ready')).toMatchObject({ claims: 'fresh' });
    expect(next.watcher.of('join')).toHaveLength(1);
  });
});
