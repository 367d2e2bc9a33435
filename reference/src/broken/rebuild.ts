import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from '../storage/pool.js';

/** Reads the whole log, as what is kept beside it has to be made anew; stretched to `ms`, as if the log were long. */
export async function rebuild(pool: Pool, ms: number): Promise<void> {
  const { rows } = await pool.query('SELECT thread_id, max(number) FROM messages GROUP BY thread_id');
  if (rows.length > 0) await pause(ms);
}

/** Rebuilds when it is first asked to; those who come meanwhile wait for the same. */
export class Rebuilding {
  readonly #pool: Pool;
  readonly #ms: number;
  #done: Promise<void> | undefined;

  constructor(pool: Pool, ms: number) {
    this.#pool = pool;
    this.#ms = ms;
  }

  done(): Promise<void> {
    return (this.#done ??= rebuild(this.#pool, this.#ms));
  }
}
