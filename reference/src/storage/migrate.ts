import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Logger } from '../logger.js';
import { isUnavailable } from './pool.js';

const folder = new URL('../../migrations/', import.meta.url);
/** Any number, the same in all our processes. */
const lock = 7_205_759;
const patienceMs = 60_000;

/**
 * Brings the database up to date; whichever process comes first does it, the others wait for the lock.
 * Waits for a database that is not there yet.
 */
export async function migrate(url: string, logger: Logger): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await attemptMigrations(url, logger);
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > deadline) throw error;
      if (attempt % 20 === 0) logger.warn({ reason: String(error) }, 'waiting for the database');
      await pause(100);
    }
  }
}

async function attemptMigrations(url: string, logger: Logger): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Held by the connection, so it cannot outlive us.
    await client.query('SELECT pg_advisory_lock($1)', [lock]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    for (const name of await outstanding(client)) await apply(client, name, logger);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function outstanding(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
  const applied = new Set(rows.map((row) => row.name));
  const files = (await readdir(fileURLToPath(folder))).filter((name) => name.endsWith('.sql')).sort();
  return files.filter((name) => !applied.has(name));
}

async function apply(client: pg.Client, name: string, logger: Logger): Promise<void> {
  const sql = await readFile(new URL(name, folder), 'utf8');
  await client.query('BEGIN');
  await client.query(sql);
  await client.query('INSERT INTO migrations (name) VALUES ($1)', [name]);
  await client.query('COMMIT');
  logger.info({ migration: name }, 'migrated');
}
