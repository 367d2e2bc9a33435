import pg from 'pg';
import type { Logger } from '../logger.js';

export type Pool = pg.Pool;
export type Connection = pg.PoolClient;

// Numbers of messages are bigint in the database and stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Small on purpose: work is shared in batches, not spread over connections. When everyone comes back at once after a restart, each
 * connection more is opened and taught its statements first, by a process that has just begun to work.
 */
const most = 4;

export function openPool(url: string, logger: Logger): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: most,
    connectionTimeoutMillis: 5_000,
    // A database that stopped answering without closing must not hold us for ever.
    query_timeout: 15_000,
    statement_timeout: 10_000,
  });
  // Without listeners, a database that restarts would end this process.
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection was lost'));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Runs `work` in one transaction; a connection that cannot roll back is thrown away. */
export async function inTransaction<T>(pool: Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  try {
    await connection.query('BEGIN');
    const result = await work(connection);
    await connection.query('COMMIT');
    connection.release();
    return result;
  } catch (error) {
    const usable = await connection.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    connection.release(!usable);
    throw error;
  }
}

/** Connection lost, shutting down, starting up, out of resources, serialization: trying again may help. */
const passing = /^(08|40|53|57|58)/;

/** Whether the database could not answer just now, as opposed to having refused what it was asked. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return passing.test(error.code ?? '');
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^E[A-Z]+$/.test(code) || /timeout|terminated|not queryable|Connection/.test(error.message);
}

/** Whether the database refused the values themselves: trying again cannot help. */
export const isBadData = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && /^(22|23)/.test(error.code ?? '');
