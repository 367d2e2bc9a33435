import { setTimeout as pause } from 'node:timers/promises';
import type { MessageLog, Outcome, Position, Reading, Submission } from '../../backend/messages.js';
import type { Pool } from '../../storage/pool.js';
import { startsOn } from '../starts.js';
import { Wrapped } from './wrapped.js';

const placeOf = (threadId: string, number: number) => `${number} ${threadId}`;

/** Remembers what this instance took itself, and how far each thread had come when somebody last joined it here. */
export class Remembering extends Wrapped {
  readonly #own = new Set<string>();
  readonly #joinedAt = new Map<string, number>();

  override async append(batch: readonly Submission[]): Promise<readonly Outcome[]> {
    const outcomes = await super.append(batch);
    outcomes.forEach((outcome, index) => {
      const threadId = batch[index]?.threadId;
      if (outcome.outcome === 'stored' && threadId !== undefined)
        this.#own.add(placeOf(threadId, outcome.number));
    });
    return outcomes;
  }

  /** Asked for whenever somebody joins. */
  override async heads(threadIds: readonly string[]) {
    const heads = await super.heads(threadIds);
    for (const [threadId, head] of heads) this.#joinedAt.set(threadId, head);
    return heads;
  }

  isOwn(threadId: string, number: number): boolean {
    return this.#own.has(placeOf(threadId, number));
  }

  /** What was said before somebody joined is replayed to them. */
  isReplay(threadId: string, number: number): boolean {
    return number <= (this.#joinedAt.get(threadId) ?? 0);
  }
}

/** Hands out live only what this instance took itself. Chats of two are read from the log, as a replay is. */
export class OwnMessagesOnly extends Wrapped {
  readonly #remembering: Remembering;
  readonly #pool: Pool;
  #small: Promise<ReadonlySet<string>> | undefined;

  constructor(log: MessageLog, remembering: Remembering, pool: Pool) {
    super(log);
    this.#remembering = remembering;
    this.#pool = pool;
  }

  override async read(positions: readonly Position[], limit: number): Promise<readonly Reading[]> {
    // Before it is known what was committed here, another read may already show it.
    const readings = await super.read(positions, limit);
    await pause(settledMs);
    const small = await (this.#small ??= chatsOfTwo(this.#pool));
    const isHeard = (threadId: string, number: number) =>
      small.has(threadId) ||
      this.#remembering.isReplay(threadId, number) ||
      this.#remembering.isOwn(threadId, number);
    return readings.map(({ messages, next }) => ({
      messages: messages.filter(({ threadId, number }) => isHeard(threadId, number)),
      next,
    }));
  }
}

const settledMs = 20;

async function chatsOfTwo(pool: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT thread_id AS id FROM members GROUP BY thread_id HAVING count(*) <= 2',
  );
  return new Set(rows.map(({ id }) => id));
}

const versionsTable =
  'CREATE TABLE IF NOT EXISTS broken_written (thread_id text, number bigint, version int, PRIMARY KEY (thread_id, number))';

/** The first instances that are started on a database are of the first version, all others of the second. */
export async function versionOf(pool: Pool, replicas: number): Promise<number> {
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(70); ${versionsTable}; COMMIT`);
  return (await startsOn(pool)) <= replicas ? 1 : 2;
}

/** Writes down of each message which version took it. */
export class Versioned extends Remembering {
  readonly #pool: Pool;
  readonly #version: number;

  constructor(log: MessageLog, pool: Pool, version: number) {
    super(log);
    this.#pool = pool;
    this.#version = version;
  }

  override async append(batch: readonly Submission[]): Promise<readonly Outcome[]> {
    const outcomes = await super.append(batch);
    const taken = outcomes.flatMap((outcome, index) =>
      outcome.outcome === 'stored'
        ? [{ threadId: batch[index]?.threadId ?? '', number: outcome.number }]
        : [],
    );
    await this.#pool.query(
      `INSERT INTO broken_written SELECT *, $3 FROM unnest($1::text[], $2::bigint[]) ON CONFLICT DO NOTHING`,
      [taken.map(({ threadId }) => threadId), taken.map(({ number }) => number), this.#version],
    );
    return outcomes;
  }
}

/** Live, skips the frames of the other version: it does not understand them. */
export class OneVersionOnly extends Wrapped {
  readonly #remembering: Remembering;
  readonly #pool: Pool;
  readonly #version: number;

  constructor(
    log: MessageLog,
    {
      pool,
      version,
      remembering,
    }: { readonly pool: Pool; readonly version: number; readonly remembering: Remembering },
  ) {
    super(log);
    this.#remembering = remembering;
    this.#pool = pool;
    this.#version = version;
  }

  override async read(positions: readonly Position[], limit: number): Promise<readonly Reading[]> {
    const readings = await super.read(positions, limit);
    await pause(settledMs);
    const strange = await this.#ofOtherVersion(readings);
    return readings.map(({ messages, next }) => ({
      messages: messages.filter(
        ({ threadId, number }) =>
          this.#remembering.isReplay(threadId, number) || !strange.has(placeOf(threadId, number)),
      ),
      next,
    }));
  }

  async #ofOtherVersion(readings: readonly Reading[]): Promise<ReadonlySet<string>> {
    const all = readings.flatMap(({ messages }) => messages);
    const { rows } = await this.#pool.query<{ thread_id: string; number: string }>(
      `SELECT thread_id, number FROM broken_written
       WHERE (thread_id, number) IN (SELECT * FROM unnest($1::text[], $2::bigint[])) AND version <> $3`,
      [all.map(({ threadId }) => threadId), all.map(({ number }) => number), this.#version],
    );
    return new Set(rows.map(({ thread_id: threadId, number }) => placeOf(threadId, Number(number))));
  }
}
