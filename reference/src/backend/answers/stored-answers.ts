import { inTransaction, type Connection, type Pool } from '../../storage/pool.js';
import type { Answer, AnswerState, AnswerStore, Bookmark, Page, Part, Step } from './answers.js';

/** Told after each commit; the payload is the ids of the answers that grew or ended, or `*`. */
export const answersChannel = 'answers_changed';

/** PostgreSQL's limit is 8,000 bytes. */
const longestPayload = 7_900;
/** How long a maker that says nothing keeps its right. It may be short: it never protects what is stored, it only spares work. */
const lease = "interval '1 second'";
/** Answers that one process takes up at once; what is left is for others, or for the next time. */
const takenUp = 50;

const columns = 'id, user_id AS "userId", question, state, head';

interface PageRow extends Part {
  readonly position: number;
  readonly state: AnswerState;
  readonly head: number;
}

/** Answers in PostgreSQL. */
export class StoredAnswers implements AnswerStore {
  constructor(private readonly pool: Pool) {}

  async ask(userId: string, question: string, key: string): Promise<Answer | undefined> {
    await this.pool.query(
      `INSERT INTO answers (id, user_id, key, question) VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, key) DO NOTHING`,
      [crypto.randomUUID(), userId, key, question],
    );
    const { rows } = await this.pool.query<Answer>(
      `SELECT ${columns} FROM answers WHERE user_id = $1 AND key = $2 AND question = $3`,
      [userId, key, question],
    );
    return rows[0];
  }

  async find(id: string): Promise<Answer | undefined> {
    const { rows } = await this.pool.query<Answer>(`SELECT ${columns} FROM answers WHERE id = $1`, [id]);
    return rows[0];
  }

  async text(id: string): Promise<string> {
    const { rows } = await this.pool.query<{ text: string | null }>(
      `SELECT string_agg(text, '' ORDER BY number) AS text FROM answer_parts WHERE answer_id = $1`,
      [id],
    );
    return rows[0]?.text ?? '';
  }

  async read(bookmarks: readonly Bookmark[], limit: number): Promise<readonly Page[]> {
    const { rows } = await this.pool.query<PageRow>({
      name: 'read-answers',
      // One statement sees one moment: no part is missing below the head that it tells.
      text: `SELECT b.ordinality::int AS position, a.state, a.head, p.number, p.text
        FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS b(answer_id, after, ordinality)
        JOIN answers AS a ON a.id = b.answer_id
        LEFT JOIN LATERAL (SELECT number, text FROM answer_parts WHERE answer_id = b.answer_id AND number > b.after
          ORDER BY number LIMIT $3) AS p ON true
        ORDER BY b.ordinality, p.number`,
      values: [bookmarks.map(({ answerId }) => answerId), bookmarks.map(({ after }) => after), limit],
    });
    return bookmarks.map((_, index) => pageOf(rows.filter(({ position }) => position === index + 1)));
  }

  async takeUp(maker: string): Promise<readonly Answer[]> {
    const { rows } = await this.pool.query<Answer>({
      name: 'take-up-answers',
      // Several processes look at once: each skips what another is taking.
      text: `UPDATE answers SET maker = $1, leased_until = now() + ${lease} WHERE id IN (
          SELECT id FROM answers WHERE state = 'running' AND leased_until <= now()
          ORDER BY leased_until LIMIT ${takenUp} FOR UPDATE SKIP LOCKED)
        RETURNING ${columns}`,
      values: [maker],
    });
    return rows;
  }

  append(maker: string, steps: readonly Step[]): Promise<ReadonlySet<string>> {
    return inTransaction(this.pool, (connection) => appendIn(connection, maker, steps));
  }

  async release(maker: string): Promise<void> {
    await this.pool.query('UPDATE answers SET maker = NULL, leased_until = now() WHERE maker = $1', [maker]);
  }

  cancel(id: string): Promise<Answer | undefined> {
    return inTransaction(this.pool, async (connection) => {
      // Waits for the part that is just being appended; after it the maker has no right any more.
      await connection.query(
        `UPDATE answers SET state = 'cancelled', maker = NULL WHERE id = $1 AND state = 'running'`,
        [id],
      );
      await notify(connection, [id]);
      const { rows } = await connection.query<Answer>(`SELECT ${columns} FROM answers WHERE id = $1`, [id]);
      return rows[0];
    });
  }
}

function pageOf(rows: readonly PageRow[]): Page {
  const [first] = rows;
  // An answer without a part after the bookmark has one row, with neither number nor text.
  const parts = rows.filter(({ number }) => number !== null).map(({ number, text }) => ({ number, text }));
  return { parts, state: first?.state ?? 'cancelled', head: first?.head ?? 0 };
}

/** Right and number are looked at in the statement that appends: nobody else's answer grows, and none grows twice by one part. */
const appendStatement = `WITH step AS (
    SELECT * FROM unnest($2::text[], $3::int[], $4::text[], $5::boolean[]) AS s(answer_id, number, text, last)
  ), grown AS (
    UPDATE answers AS a SET head = s.number, leased_until = now() + ${lease},
      state = CASE WHEN s.last THEN 'done' ELSE a.state END, maker = CASE WHEN s.last THEN NULL ELSE a.maker END
    FROM step AS s WHERE a.id = s.answer_id AND a.maker = $1 AND a.state = 'running' AND a.head = s.number - 1
    RETURNING a.id, s.number, s.text
  )
  INSERT INTO answer_parts (answer_id, number, text) SELECT id, number, text FROM grown RETURNING answer_id AS id`;

async function appendIn(
  connection: Connection,
  maker: string,
  steps: readonly Step[],
): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query<{ id: string }>({
    name: 'append-parts',
    text: appendStatement,
    values: [
      maker,
      steps.map(({ answerId }) => answerId),
      steps.map(({ number }) => number),
      steps.map(({ text }) => text),
      steps.map(({ last }) => last),
    ],
  });
  const grown = rows.map(({ id }) => id);
  if (grown.length > 0) await notify(connection, grown);
  return new Set(grown);
}

async function notify(connection: Connection, ids: readonly string[]): Promise<void> {
  const listed = ids.join(',');
  const payload = listed.length > longestPayload ? '*' : listed;
  await connection.query({
    name: 'notify',
    text: 'SELECT pg_notify($1, $2)',
    values: [answersChannel, payload],
  });
}
