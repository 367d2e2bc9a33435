import type { Pool } from '../storage/pool.js';

/** Which sessions were ended before their tokens expired. */
export interface Revocations {
  /** Those of these sessions that are revoked, or never were. */
  among(sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export class StoredRevocations implements Revocations {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async among(sessionIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.#pool.query<{ id: string }>({
      name: 'revoked-among',
      text: `SELECT asked.id FROM unnest($1::text[]) AS asked(id) WHERE NOT EXISTS
        (SELECT FROM sessions AS s WHERE s.id = asked.id AND s.revoked_at IS NULL)`,
      values: [sessionIds],
    });
    return new Set(rows.map(({ id }) => id));
  }
}
