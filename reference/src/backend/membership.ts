import pg from 'pg';
import { Refusal } from '../http/refusal.js';
import { inTransaction, type Pool } from '../storage/pool.js';

export interface Seat {
  readonly threadId: string;
  readonly userId: string;
  /** The last number that the user says it has, where it resumes. Nobody belongs anywhere because of it. */
  readonly after?: number | undefined;
}

/** Who belongs to which thread. Asked each time: a member who was removed a moment ago is no member. */
export interface Membership {
  /** One answer a seat. */
  hold(seats: readonly Seat[]): Promise<readonly boolean[]>;
}

export class StoredMembership implements Membership {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async hold(seats: readonly Seat[]): Promise<readonly boolean[]> {
    const { rows } = await this.#pool.query<{ held: boolean }>({
      name: 'hold-seats',
      text: `SELECT m.user_id IS NOT NULL AS held
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS seat(thread_id, user_id, place)
        LEFT JOIN members AS m ON m.thread_id = seat.thread_id AND m.user_id = seat.user_id ORDER BY seat.place`,
      values: [seats.map(({ threadId }) => threadId), seats.map(({ userId }) => userId)],
    });
    return rows.map(({ held }) => held);
  }
}

export interface NewThread {
  readonly name: string;
  readonly members: readonly string[];
}

const foreignKeyViolation = '23503';

/**
 * Makes threads with their members.
 * @throws Refusal 400 when a member is not a user; then none is made
 */
export async function createThreads(
  pool: Pool,
  threads: readonly NewThread[],
): Promise<{ id: string; name: string }[]> {
  const made = threads.map((thread) => ({ ...thread, id: crypto.randomUUID() }));
  const seats = made.flatMap(({ id, members }) => [...new Set(members)].map((userId) => ({ id, userId })));
  try {
    await inTransaction(pool, async (connection) => {
      await connection.query('INSERT INTO threads (id, name) SELECT * FROM unnest($1::text[], $2::text[])', [
        made.map(({ id }) => id),
        made.map(({ name }) => name),
      ]);
      await connection.query(
        'INSERT INTO members (thread_id, user_id) SELECT * FROM unnest($1::text[], $2::text[])',
        [seats.map(({ id }) => id), seats.map(({ userId }) => userId)],
      );
    });
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === foreignKeyViolation) {
      throw new Refusal(400, 'unknown_member', 'A member is not a user; no thread was made.');
    }
    throw error;
  }
  return made.map(({ id, name }) => ({ id, name }));
}
