import type { Pool } from '../storage/pool.js';

export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly profile: { readonly display_name: string; readonly locale: string; readonly created_at: string };
}

export interface SessionRecord {
  readonly session_id: string;
  readonly user_id: string;
  readonly signed_in_at: string;
  readonly roles: readonly string[];
}

/** What is kept about users and their sessions. Only stable fields: two reads without a change are the same bytes. */
export interface Records {
  user(userId: string): Promise<UserRecord | undefined>;
  session(sessionId: string): Promise<SessionRecord | undefined>;
}

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly locale: string;
  readonly created_at: Date;
}

interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly signed_in_at: Date;
  readonly roles: string[];
}

export class StoredRecords implements Records {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async user(userId: string): Promise<UserRecord | undefined> {
    const { rows } = await this.#pool.query<UserRow>(
      'SELECT id, name, display_name, locale, created_at FROM users WHERE id = $1',
      [userId],
    );
    const row = rows[0];
    if (!row) return undefined;
    const { id, name, display_name, locale, created_at } = row;
    return { id, name, profile: { display_name, locale, created_at: created_at.toISOString() } };
  }

  async session(sessionId: string): Promise<SessionRecord | undefined> {
    const { rows } = await this.#pool.query<SessionRow>(
      'SELECT id, user_id, signed_in_at, roles FROM sessions WHERE id = $1',
      [sessionId],
    );
    const row = rows[0];
    if (!row) return undefined;
    const { id, user_id, signed_in_at, roles } = row;
    return { session_id: id, user_id, signed_in_at: signed_in_at.toISOString(), roles };
  }
}
