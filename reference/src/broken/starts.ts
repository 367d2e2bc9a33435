import { randomUUID } from 'node:crypto';
import type { Pool } from '../storage/pool.js';

const table = 'CREATE TABLE IF NOT EXISTS broken_starts (boot text PRIMARY KEY)';

/** How many instances have been started on this database, with the one that asks; it asks once. */
export async function startsOn(pool: Pool): Promise<number> {
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(70); ${table}; COMMIT`);
  await pool.query('INSERT INTO broken_starts VALUES ($1)', [randomUUID()]);
  const { rows } = await pool.query<{ starts: string }>('SELECT count(*) AS starts FROM broken_starts');
  return Number(rows[0]?.starts);
}
