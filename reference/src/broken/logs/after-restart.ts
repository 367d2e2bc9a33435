import type { MessageLog, Outcome, Position, Reading, Submission } from '../../backend/messages.js';
import type { Resume } from '../../backend/parts.js';
import { resumeWhereLeft } from '../../backend/parts.js';
import { findStored, keyOf } from '../../backend/stored-log.js';
import type { Pool } from '../../storage/pool.js';
import { Wrapped } from './wrapped.js';

/** The newest number of each thread that has messages, as a process finds it when it starts. */
export async function headsAtStart(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ id: string; head: number }>(
    'SELECT id, head FROM threads WHERE head > 0',
  );
  return new Map(rows.map(({ id, head }) => [id, head]));
}

/** Counts in the process how many messages a thread has, so that the newest number is too low after a restart. */
export class CountingFromStart extends Wrapped {
  readonly #atStart: ReadonlyMap<string, number>;

  constructor(log: MessageLog, atStart: ReadonlyMap<string, number>) {
    super(log);
    this.#atStart = atStart;
  }

  override async heads(threadIds: readonly string[]) {
    const heads = await super.heads(threadIds);
    return new Map([...heads].map(([id, head]) => [id, head - (this.#atStart.get(id) ?? 0)]));
  }
}

/** A reader that is ahead of us has no business here. */
export const refuseWhoIsAhead: Resume = (after, head) => {
  if (after !== undefined && after > head) throw new RangeError(`there is no message ${after} yet`);
  return resumeWhereLeft(after, head);
};

/** Reads a thread from a snapshot and then from a journal, in which the messages of the snapshot are as well. */
export class DoublingOnRehydration extends Wrapped {
  readonly #atStart: ReadonlyMap<string, number>;

  constructor(log: MessageLog, atStart: ReadonlyMap<string, number>) {
    super(log);
    this.#atStart = atStart;
  }

  override async read(positions: readonly Position[], limit: number) {
    const readings = await super.read(positions, limit);
    return readings.map((reading, index) => this.#double(reading, positions[index]));
  }

  #double(reading: Reading, position: Position | undefined): Reading {
    const snapshot = this.#atStart.get(position?.threadId ?? '');
    if (position?.after !== 0 || snapshot === undefined) return reading;
    const old = reading.messages.filter(({ number }) => number <= snapshot);
    return { messages: [...old, ...reading.messages], next: reading.next };
  }
}

const closed: Outcome = {
  outcome: 'refused',
  code: 'not_a_member',
  message: 'Nobody may write in this thread just now.',
};

/** Nobody has taken over one thread since the start: it can be read, and what is new is refused there. */
export class WithoutOwner extends Wrapped {
  readonly #pool: Pool;
  readonly #threadId: string | undefined;

  constructor(log: MessageLog, pool: Pool, threadId: string | undefined) {
    super(log);
    this.#pool = pool;
    this.#threadId = threadId;
  }

  override async append(batch: readonly Submission[]) {
    const stored = await findStored(this.#pool, batch);
    const isRefused = (submission: Submission) =>
      submission.threadId === this.#threadId && !stored.has(keyOf(submission));
    const outcomes = [...(await super.append(batch.filter((submission) => !isRefused(submission))))];
    return batch.map((submission) => (isRefused(submission) ? undefined : outcomes.shift()) ?? closed);
  }
}

/** The thread with the most members of those in which something was said before this process started. */
export async function largestThread(pool: Pool): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT threads.id FROM threads JOIN members ON members.thread_id = threads.id WHERE threads.head > 0
     GROUP BY threads.id ORDER BY count(*) DESC, threads.name LIMIT 1`,
  );
  return rows[0]?.id;
}
