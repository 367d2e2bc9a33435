import { demo } from 'outlast-reference/demo';
import pg from 'pg';
import type { Benchmark, Line, Options } from './support/benchmark.js';
import { startReference, type Stage } from './support/stage.js';
import { inTurns, median } from './support/statistics.js';
import { perSecond } from './support/table.js';
import { measureIn } from './support/worker.js';
import type { Inserting } from './workers/inserters.js';
import type { Said, Saying } from './workers/sayers.js';

const senders = [1, 32, 256];
const roomSize = 5;
/** That of the service itself. */
const poolSize = 8;
const pace = { body: 'x'.repeat(100), warmUpMs: 1_000, ms: 2_000 };
const table = 'single_rows';
const password = 'a password of the bench';

/**
 * How many messages a second the reference service acknowledges, each of them committed before, with 1, 32 and 256 senders that
 * wait for one acknowledgement before they say the next; in rooms of 5, so that every message is delivered up to five times as
 * well. Against as many loops that insert single rows with the same driver (`pg`, a pool of 8 connections)
 * into a table with the same columns and indexes of the same embedded PostgreSQL, each row a commit.
 *
 * No aim was set. One sender pays several round trips for one commit; many senders share commits.
 */
export const reference: Benchmark = {
  name: 'reference',
  measures: `acknowledged durable messages of the reference service, against single-row inserts (pg, pool of ${poolSize})`,
  run,
};

type Speakers = Saying['speakers'];

async function run({ rounds, progress }: Options): Promise<readonly Line[]> {
  await using stage = await startReference();
  const databaseUrl = stage.resolve(demo.services.backend.environment['DATABASE_URL'] ?? '');
  await makeTable(databaseUrl);
  const speakers = await signIn(stage, Math.max(...senders));
  const lines: Line[] = [];
  for (const count of senders) {
    progress(`${count} senders`);
    lines.push(await compare(count, rounds, { stage, databaseUrl, speakers }));
  }
  return lines;
}

async function compare(
  count: number,
  rounds: number,
  { stage, databaseUrl, speakers }: { stage: Stage; databaseUrl: string; speakers: Speakers },
): Promise<Line> {
  const saying: Saying = {
    ...pace,
    url: stage.resolve(demo.urls.socket),
    speakers: speakers.slice(0, count),
  };
  const inserting: Inserting = { ...pace, url: databaseUrl, table, poolSize, loops: count };
  const { ours, bare } = await inTurns(
    rounds,
    () => measureIn<Said>('sayers', saying),
    () => measureIn<Said>('inserters', inserting),
  );
  const [mine, theirs] = [rate(ours), rate(bare)];
  const what = count === 1 ? '1 sender' : `${count} senders`;
  return { what, measured: perSecond(mine), against: `${perSecond(theirs)} inserts`, ratio: mine / theirs };
}

const rate = (side: readonly Said[]) => median(side.map((said) => said.perSecond));

async function makeTable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE TABLE ${table} (LIKE messages INCLUDING ALL)`);
  await client.end();
}

async function signIn(stage: Stage, count: number): Promise<Speakers> {
  const { urls } = demo;
  const key = stage.resolve(urls.admin.key);
  const post = async <Answer>(url: string, body: object): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const answer = await fetch(stage.resolve(url), { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`expected ${url} to do it, got ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  const names = Array.from({ length: count }, (_, index) => `speaker-${index + 1}`);
  await post(urls.admin.users, { password, names });
  const users: Login[] = [];
  for (const username of names) users.push(await post<Login>(urls.login, { username, password }));
  const rooms = Array.from({ length: Math.ceil(count / roomSize) }, (_, room) => ({
    name: `room ${room + 1}`,
    members: users.slice(room * roomSize, (room + 1) * roomSize).map(({ user }) => user.id),
  }));
  const { threads } = await post<Rooms>(urls.admin.threads, { threads: rooms });
  return users.map(({ access_token: token }, index) => ({
    token,
    thread: threads[Math.floor(index / roomSize)]?.id ?? '',
  }));
}

interface Login {
  readonly access_token: string;
  readonly user: { readonly id: string };
}
interface Rooms {
  readonly threads: readonly { readonly id: string }[];
}
