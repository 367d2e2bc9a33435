import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { DatabaseConfiguration } from '../configuration.js';
import type { Service } from '../lifecycle.js';
import { databaseAccount } from './account.js';
import { ensureCache, owner } from './cache.js';
import { startCluster, type Cluster, type ClusterOptions } from './cluster.js';

/** A previous server on the same folder or port may need a moment to let go, above all after it was killed. */
const patienceMs = 15_000;
const passing =
  /lock file .* already exists|Address already in use|pre-existing shared memory|being shut down/;

export interface Database extends Service {
  /** Resolves with the exit code when PostgreSQL ends, asked or not. */
  readonly ended: Promise<number>;
}

/**
 * Starts the embedded PostgreSQL and resolves once it has answered a real query.
 * @throws Error with PostgreSQL's own last lines when it does not start
 */
export async function startDatabase(configuration: DatabaseConfiguration): Promise<Database> {
  const account = databaseAccount();
  const cache = await ensureCache(account);
  const options = clusterOptions(configuration);
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const cluster = await startCluster(cache, account, options);
    const asking = new AbortController();
    const outcome = await Promise.race([cluster.ended, answers(options, deadline, asking.signal)]);
    asking.abort();
    if (outcome === 'ready') return asService(cluster);
    cluster.stop();
    await cluster.ended;
    const retry = passing.test(cluster.said.join('\n')) && performance.now() < deadline;
    if (!retry) throw new Error(explain(outcome, cluster, options));
    await pause(100);
  }
}

const clusterOptions = (configuration: DatabaseConfiguration): ClusterOptions => ({
  host: configuration.HOST,
  port: configuration.PORT,
  password: configuration.DATABASE_PASSWORD,
  data: configuration.DATA === undefined ? undefined : path.resolve(configuration.DATA),
});

const asService = (cluster: Cluster): Database => ({
  ended: cluster.ended,
  drain: async () => {
    cluster.stop();
    const code = await cluster.ended;
    if (code !== 0) throw new Error(`PostgreSQL ended with ${code}:\n${cluster.said.join('\n')}`);
  },
});

/** Asks until a query is answered; a wrong password is final. */
async function answers({ host, port, password }: ClusterOptions, deadline: number, signal: AbortSignal) {
  while (performance.now() < deadline && !signal.aborted) {
    const client = new pg.Client({
      host,
      port,
      user: owner,
      database: owner,
      password,
      connectionTimeoutMillis: 2000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return 'ready';
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === '28P01') return 'wrong-password';
      await pause(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return 'silent';
}

function explain(outcome: number | string, cluster: Cluster, { data, port }: ClusterOptions): string {
  if (outcome === 'wrong-password') {
    return `What answers on port ${port} does not know this DATABASE_PASSWORD: was ${data ?? 'it'} made with another one?`;
  }
  const hint = /Permission denied/.test(cluster.said.join('\n'))
    ? ` As root, PostgreSQL runs as uid 65534, which must be able to reach ${data ?? 'the temporary directory'}.`
    : '';
  return `PostgreSQL did not start (${outcome}).${hint} It said:\n${cluster.said.join('\n')}`;
}
