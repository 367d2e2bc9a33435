import { createHash, createHmac, randomBytes } from 'node:crypto';
import { inTransaction, type Connection, type Pool } from '../storage/pool.js';

export type Exchange =
  | { readonly outcome: 'exchanged'; readonly sessionId: string; readonly child: string }
  | { readonly outcome: 'reused'; readonly sessionId: string }
  | { readonly outcome: 'unknown' };

/** Chains of refresh tokens, one chain a session. */
export interface RefreshTokens {
  /** The first token of a session's chain. */
  issue(sessionId: string): Promise<string>;
  /** A token for its child. The same child again, when the answer to the first exchange may have been lost. */
  exchange(token: string): Promise<Exchange>;
}

interface Row {
  readonly session_id: string;
  readonly expired: boolean;
  readonly exchanged: boolean;
  readonly in_outage: boolean;
  readonly child_used: boolean;
}

export interface RefreshTokenTimes {
  readonly lifetimeSeconds: number;
  /** How long an outage may hide the answer to an exchange. */
  readonly outageSeconds: number;
}

/**
 * Only hashes are stored, so a child cannot be looked up for its parent; it is derived from it, with a secret that the
 * database keeps.
 */
export class StoredRefreshTokens implements RefreshTokens {
  readonly #pool: Pool;
  readonly #times: RefreshTokenTimes;
  #secret: Buffer | undefined;

  constructor(pool: Pool, times: RefreshTokenTimes) {
    this.#pool = pool;
    this.#times = times;
  }

  async issue(sessionId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.#store(this.#pool, token, sessionId);
    return token;
  }

  async exchange(token: string): Promise<Exchange> {
    const child = createHmac('sha256', await this.#derivationSecret())
      .update(token)
      .digest('base64url');
    return inTransaction(this.#pool, async (connection): Promise<Exchange> => {
      const row = await this.#lock(connection, token, child);
      if (!row || row.expired) return { outcome: 'unknown' };
      const sessionId = row.session_id;
      // Until the child is used, and while an outage may last, its answer may never have arrived.
      if (row.exchanged && (row.child_used || !row.in_outage)) return { outcome: 'reused', sessionId };
      if (!row.exchanged) await this.#exchangeFirst(connection, token, child, sessionId);
      return { outcome: 'exchanged', sessionId, child };
    });
  }

  /** Two copies of one token that come at once take turns. */
  async #lock(connection: Connection, token: string, child: string): Promise<Row | undefined> {
    await connection.query('SELECT FROM refresh_tokens WHERE hash = $1 FOR UPDATE', [hashOf(token)]);
    const { rows } = await connection.query<Row>(
      `SELECT parent.session_id, parent.expires_at <= now() AS expired, parent.exchanged_at IS NOT NULL AS exchanged,
         coalesce(parent.exchanged_at > now() - make_interval(secs => $3), false) AS in_outage,
         child.exchanged_at IS NOT NULL AS child_used
       FROM refresh_tokens AS parent LEFT JOIN refresh_tokens AS child ON child.hash = $2 WHERE parent.hash = $1`,
      [hashOf(token), hashOf(child), this.#times.outageSeconds],
    );
    return rows[0];
  }

  async #exchangeFirst(
    connection: Connection,
    token: string,
    child: string,
    sessionId: string,
  ): Promise<void> {
    await this.#store(connection, child, sessionId);
    await connection.query(
      'UPDATE refresh_tokens SET exchanged_at = now(), child_hash = $2 WHERE hash = $1',
      [hashOf(token), hashOf(child)],
    );
  }

  async #store(on: Pick<Pool, 'query'>, token: string, sessionId: string): Promise<void> {
    await on.query(
      `INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))`,
      [hashOf(token), sessionId, this.#times.lifetimeSeconds],
    );
  }

  /** Made by whichever process needs it first. */
  async #derivationSecret(): Promise<Buffer> {
    if (this.#secret) return this.#secret;
    const name = 'refresh-derivation';
    await this.#pool.query('INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      name,
      randomBytes(32),
    ]);
    const { rows } = await this.#pool.query<{ value: Buffer }>('SELECT value FROM secrets WHERE name = $1', [
      name,
    ]);
    const secret = rows[0]?.value;
    if (!secret) throw new Error(`The secret ${name} vanished from the database while it was read.`);
    this.#secret = secret;
    return secret;
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
