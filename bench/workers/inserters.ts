// Inserts single rows with `pg`, each loop the next one when the last has been committed.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { report, settings } from '../support/in-worker.js';
import type { Said } from './sayers.js';

export interface Inserting {
  readonly url: string;
  readonly table: string;
  readonly poolSize: number;
  readonly loops: number;
  readonly body: string;
  readonly warmUpMs: number;
  readonly ms: number;
}

const { url, table, poolSize, loops, body, warmUpMs, ms } = await settings<Inserting>();
const pool = new pg.Pool({ connectionString: url, max: poolSize });
let committed = 0;
let isOver = false;

const all = Promise.all(Array.from({ length: loops }, (_, index) => insert(index)));
await pause(warmUpMs);
const [before, began] = [committed, performance.now()];
await pause(ms);
const perSecond = ((committed - before) * 1_000) / (performance.now() - began);
isOver = true;
await all;
await pool.end();
report({ perSecond } satisfies Said);

async function insert(index: number): Promise<void> {
  const owner = `${process.pid}.${index}`;
  for (let number = 1; !isOver; number++) {
    await pool.query({
      name: 'insert-one',
      text: `INSERT INTO ${table} (thread_id, number, sender, id, body, sent_at) VALUES ($1, $2, $3, $4, $5, clock_timestamp())`,
      values: [owner, number, owner, `${owner}.${number}`, body],
    });
    committed++;
  }
}
