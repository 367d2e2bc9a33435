import { inTransaction, type Pool } from '../storage/pool.js';

/** Told to everyone who listens when a session is revoked; the payload is its id. */
export const revokedChannel = 'session_revoked';

/** Sign-ins. A session ends when it is revoked, and stays so. */
export class Sessions {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** A new session's id. */
  async open(userId: string): Promise<string> {
    const id = crypto.randomUUID();
    await this.#pool.query('INSERT INTO sessions (id, user_id) VALUES ($1, $2)', [id, userId]);
    return id;
  }

  /** Whose session this is; `undefined` when it is revoked or never was. */
  async userOf(id: string): Promise<string | undefined> {
    const { rows } = await this.#pool.query<{ user_id: string }>(
      'SELECT user_id FROM sessions WHERE id = $1 AND revoked_at IS NULL',
      [id],
    );
    return rows[0]?.user_id;
  }

  /** Durable when it resolves; connected backends hear of it at once. */
  async revoke(id: string): Promise<void> {
    await inTransaction(this.#pool, async (connection) => {
      await connection.query('UPDATE sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL', [
        id,
      ]);
      await connection.query('SELECT pg_notify($1, $2)', [revokedChannel, id]);
    });
  }
}
