import { inTransaction, isBadData, type Connection, type Pool } from '../storage/pool.js';
import {
  conflict,
  type Message,
  type MessageLog,
  type Outcome,
  type Position,
  type Reading,
  type Submission,
} from './messages.js';

/** Told after each commit; the payload is the ids of the threads that grew, or `*`. */
export const messagesChannel = 'messages_appended';

/** PostgreSQL's limit is 8,000 bytes. */
const longestPayload = 7_900;
const attempts = 5;

/** Thrown to roll back: another connection has just stored one of these ids in another thread. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

interface MessageRow {
  readonly position: number;
  readonly thread_id: string;
  readonly number: number;
  readonly id: string;
  readonly sender: string;
  readonly name: string;
  readonly body: string;
  readonly sent_at: Date;
}

/** The log in PostgreSQL. Any number of processes may append to it and read it. */
export class StoredLog implements MessageLog {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async append(batch: readonly Submission[]): Promise<readonly Outcome[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await inTransaction(this.#pool, (connection) => appendIn(connection, batch));
      } catch (error) {
        if (error instanceof Overtaken && attempt < attempts) continue;
        // One that the database cannot hold must not take the others with it.
        if (isBadData(error)) return batch.length === 1 ? [notStorable] : await this.#appendEach(batch);
        throw error;
      }
    }
  }

  async read(positions: readonly Position[], limit: number): Promise<readonly Reading[]> {
    const { rows } = await this.#pool.query<MessageRow>({
      name: 'read-log',
      text: `SELECT p.ordinality::int AS position, m.thread_id, m.number, m.id, m.sender, u.name, m.body, m.sent_at
        FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS p(thread_id, after, ordinality)
        CROSS JOIN LATERAL (SELECT * FROM messages WHERE thread_id = p.thread_id AND number > p.after
          ORDER BY number LIMIT $3) AS m
        JOIN users AS u ON u.id = m.sender ORDER BY p.ordinality, m.number`,
      values: [positions.map(({ threadId }) => threadId), positions.map(({ after }) => after), limit],
    });
    const messages = positions.map((): Message[] => []);
    for (const row of rows) messages[row.position - 1]?.push(asMessage(row));
    return positions.map(({ after }, index) => {
      const found = messages[index] ?? [];
      return { messages: found, next: found.at(-1)?.number ?? after };
    });
  }

  async heads(threadIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.#pool.query<{ id: string; head: number }>({
      name: 'heads',
      text: 'SELECT id, head FROM threads WHERE id = ANY($1::text[])',
      values: [threadIds],
    });
    return new Map(rows.map(({ id, head }) => [id, head]));
  }

  /** Appending waits for its commit, so nothing is ever left over. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  async #appendEach(batch: readonly Submission[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const submission of batch) outcomes.push(...(await this.append([submission])));
    return outcomes;
  }
}

const notStorable: Outcome = {
  outcome: 'refused',
  code: 'bad_frame',
  message: 'The message holds what cannot be stored.',
};

async function appendIn(connection: Connection, batch: readonly Submission[]): Promise<readonly Outcome[]> {
  // In the order of their ids, so that two processes cannot wait for each other; then nobody else appends to these.
  await connection.query({
    name: 'lock-threads',
    text: 'SELECT FROM threads WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE',
    values: [[...new Set(batch.map(({ threadId }) => threadId))]],
  });
  // A statement of its own: it sees what was committed while we waited for the locks.
  const numbered = await findStored(connection, batch);
  const fresh = firsts(batch.filter((submission) => !numbered.has(keyOf(submission))));
  for (const [key, stored] of await insert(connection, fresh)) numbered.set(key, stored);
  return batch.map((submission) => outcomeOf(submission, numbered.get(keyOf(submission))));
}

export type Numbered = Submission & { readonly number: number };

export async function findStored(
  connection: Pick<Pool, 'query'>,
  batch: readonly Submission[],
): Promise<Map<string, Numbered>> {
  const { rows } = await connection.query<Numbered>({
    name: 'find-stored',
    text: `SELECT m.thread_id AS "threadId", m.sender, m.id, m.body, m.number FROM messages AS m
      JOIN unnest($1::text[], $2::text[]) AS asked(sender, id) ON m.sender = asked.sender AND m.id = asked.id`,
    values: [batch.map(({ sender }) => sender), batch.map(({ id }) => id)],
  });
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Two copies may come in one batch: the first is stored, and the second is judged against it. */
function firsts(submissions: readonly Submission[]): Submission[] {
  const byKey = new Map<string, Submission>();
  for (const submission of submissions) {
    if (!byKey.has(keyOf(submission))) byKey.set(keyOf(submission), submission);
  }
  return [...byKey.values()];
}

const insertStatement = `WITH fresh AS (
    SELECT f.*, row_number() OVER (PARTITION BY thread_id ORDER BY place) AS rank
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS f(thread_id, sender, id, body, place)
  ), taken AS (
    UPDATE threads SET head = head + n.count
    FROM (SELECT thread_id, count(*) AS count FROM fresh GROUP BY thread_id) AS n WHERE threads.id = n.thread_id
    RETURNING threads.id, threads.head - n.count AS before
  )
  INSERT INTO messages (thread_id, number, sender, id, body, sent_at)
  SELECT f.thread_id, taken.before + f.rank, f.sender, f.id, f.body, clock_timestamp()
  FROM fresh AS f JOIN taken ON taken.id = f.thread_id ORDER BY f.place
  ON CONFLICT (sender, id) DO NOTHING
  RETURNING thread_id AS "threadId", sender, id, body, number`;

/** Takes numbers and stores in one statement: the locks are held already, so nobody comes between. */
async function insert(connection: Connection, fresh: readonly Submission[]): Promise<Map<string, Numbered>> {
  if (fresh.length === 0) return new Map();
  const { rows } = await connection.query<Numbered>({
    name: 'insert-messages',
    text: insertStatement,
    values: [
      fresh.map(({ threadId }) => threadId),
      fresh.map(({ sender }) => sender),
      fresh.map(({ id }) => id),
      fresh.map(({ body }) => body),
    ],
  });
  // Rolled back, numbers included, and tried again: the next attempt finds what overtook us.
  if (rows.length !== fresh.length) throw new Overtaken();
  await notify(connection, fresh);
  return new Map(rows.map((row) => [keyOf(row), row]));
}

async function notify(connection: Connection, messages: readonly Submission[]): Promise<void> {
  const threads = [...new Set(messages.map(({ threadId }) => threadId))].join(',');
  const payload = threads.length > longestPayload ? '*' : threads;
  await connection.query({
    name: 'notify',
    text: 'SELECT pg_notify($1, $2)',
    values: [messagesChannel, payload],
  });
}

function outcomeOf(asked: Submission, stored: Numbered | undefined): Outcome {
  if (!stored) throw new Error('A submission was neither found nor stored.');
  const same = stored.threadId === asked.threadId && stored.body === asked.body;
  return same ? { outcome: 'stored', number: stored.number } : conflict;
}

export const keyOf = ({ sender, id }: Pick<Submission, 'sender' | 'id'>): string =>
  JSON.stringify([sender, id]);

const asMessage = (row: MessageRow): Message => ({
  threadId: row.thread_id,
  number: row.number,
  id: row.id,
  sender: row.sender,
  senderName: row.name,
  body: row.body,
  sentAt: row.sent_at,
});
