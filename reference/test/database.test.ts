import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort, launch, main, ready, stopAll, until, type Running } from './support/processes.js';

afterAll(stopAll);

const password = 'a-database-password';
const start = (port: number, data?: string, secret = password) =>
  launch([main, 'database'], {
    PORT: String(port),
    DATABASE_PASSWORD: secret,
    ...(data === undefined ? {} : { DATA: data }),
  });
const clientOf = (port: number) => {
  const client = new pg.Client(`postgres://chat:${password}@127.0.0.1:${port}/chat`);
  client.on('error', () => undefined);
  return client;
};
const query = async (port: number, sql: string): Promise<unknown[]> => {
  const client = clientOf(port);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};
const isUp = (port: number) =>
  query(port, 'SELECT 1').then(
    () => true,
    () => false,
  );
const end = async (process: Running, signal: NodeJS.Signals) => {
  process.kill(signal);
  return process.exited;
};

describe('the embedded database', () => {
  it('ends when PostgreSQL does', async () => {
    const port = await freePort();
    const database = await ready(start(port));
    const rows = (await query(port, "SELECT pg_read_file('postmaster.pid') AS file")) as { file: string }[];
    process.kill(Number(rows[0]?.file.split('\n')[0]), 'SIGKILL');
    expect((await database.exited).code).not.toBe(0);
  });

  it('is durable by its settings, asks for the password, and leaves with 0', async () => {
    const port = await freePort();
    const database = await ready(start(port));
    const settings =
      'SELECT current_setting($$fsync$$) AS fsync, current_setting($$synchronous_commit$$) AS commit';
    expect(await query(port, settings)).toEqual([{ fsync: 'on', commit: 'on' }]);
    const stranger = new pg.Client(`postgres://chat:wrong-password@127.0.0.1:${port}/chat`);
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
    expect(await end(database, 'SIGTERM')).toEqual({ code: 0, signal: null });
    expect(database.output()).not.toContain(password);
  });

  it('leaves neither process nor folder when its own process is killed', async () => {
    const port = await freePort();
    const database = await ready(start(port));
    const [row] = await query(port, 'SHOW data_directory');
    const folder = path.dirname((row as { data_directory: string }).data_directory);
    expect(existsSync(folder)).toBe(true);
    await end(database, 'SIGKILL');
    await until(async () => !(await isUp(port)) && !existsSync(folder));
  });

  it('keeps DATA over a kill, and starts again while the old server is still leaving', async () => {
    // Closed to everyone but its owner: PostgreSQL itself may run as somebody else.
    const folder = await mkdtemp(path.join(tmpdir(), 'private-'));
    const data = path.join(folder, 'some', 'where');
    const port = await freePort();
    let database = await ready(start(port, data));
    await query(port, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await end(database, 'SIGKILL');
    database = await ready(start(port, data));
    expect(await query(port, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await end(database, 'SIGTERM');
    const stranger = start(port, data, 'another-password');
    expect((await stranger.exited).code).toBe(1);
    expect(stranger.output()).toContain('does not know this DATABASE_PASSWORD');
    await rm(folder, { recursive: true });
  });

  it('refuses a folder that holds other things', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'foreign-'));
    const refused = start(await freePort(), path.dirname(folder));
    expect((await refused.exited).code).toBe(1);
    expect(refused.output()).toContain('DATA should be an empty folder');
    await rm(folder, { recursive: true });
  });
});
