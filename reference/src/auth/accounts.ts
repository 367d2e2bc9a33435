import { hash, verify } from '@node-rs/argon2';
import pg from 'pg';
import { Refusal } from '../http/refusal.js';
import type { Pool } from '../storage/pool.js';

export interface User {
  readonly id: string;
  readonly name: string;
}

/** OWASP's minimum for Argon2id, which is the library's algorithm unless told; it makes the salts, too. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const uniqueViolation = '23505';

/** Who may sign in. */
export class Accounts {
  readonly #pool: Pool;
  /** Compared with when a name is unknown, so that the answer takes as long. */
  readonly #nobody = hash(crypto.randomUUID(), cost);

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The user whose name and password these are. */
  async authenticate(name: string, password: string): Promise<User | undefined> {
    const { rows } = await this.#pool.query<User & { password_hash: string }>(
      'SELECT id, name, password_hash FROM users WHERE name = $1',
      [name],
    );
    const row = rows[0];
    const matches = await verify(row?.password_hash ?? (await this.#nobody), password);
    return row && matches ? { id: row.id, name: row.name } : undefined;
  }

  async find(id: string): Promise<User | undefined> {
    const { rows } = await this.#pool.query<User>('SELECT id, name FROM users WHERE id = $1', [id]);
    return rows[0];
  }

  /**
   * Makes users that share one password, and so one hash: hashing for each would take seconds.
   * @throws Refusal 409 when a name is taken; then none is made
   */
  async create(names: readonly string[], password: string): Promise<readonly User[]> {
    const users = names.map((name) => ({ id: crypto.randomUUID(), name }));
    try {
      await this.#pool.query(
        `INSERT INTO users (id, name, password_hash, display_name)
         SELECT u.id, u.name, $3, u.name FROM unnest($1::text[], $2::text[]) AS u(id, name)`,
        [users.map(({ id }) => id), names, await hash(password, cost)],
      );
      return users;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === uniqueViolation) {
        throw new Refusal(409, 'name_taken', 'A name is taken, or given twice; no user was made.');
      }
      throw error;
    }
  }
}
