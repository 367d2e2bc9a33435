import { Refusal } from '../http/refusal.js';
import type { Pool } from '../storage/pool.js';

/** So many failures are forgiven; each further one must wait. */
const forgiven = 5;
const waitSeconds = 60;
const forgetSeconds = 900;

/** Failed logins, per account name, counted in the database: a restart is no way around them. */
export class Attempts {
  readonly #pool: Pool;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /**
   * Runs one attempt, after the others for that name, so that a burst of guesses is counted one by one.
   * An attempt that yields `undefined` has failed.
   * @throws Refusal 429 when too many have
   */
  async attempt<T>(name: string, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.#run(name, attempt));
    this.#turns.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(name) === turn) this.#turns.delete(name);
    }
  }

  async #run<T>(name: string, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
    const failures = await this.#refuseTooMany(name);
    const result = await attempt();
    if (result === undefined) await this.#countFailure(name);
    else if (failures > 0) await this.#pool.query('DELETE FROM login_failures WHERE name = $1', [name]);
    return result;
  }

  async #refuseTooMany(name: string): Promise<number> {
    const { rows } = await this.#pool.query<{ failures: number; wait: number }>(
      `SELECT failures, ceil(extract(epoch FROM last_failure_at - now()) + $2)::int AS wait FROM login_failures
       WHERE name = $1 AND last_failure_at > now() - make_interval(secs => $3)`,
      [name, waitSeconds, forgetSeconds],
    );
    const { failures = 0, wait = 0 } = rows[0] ?? {};
    if (failures >= forgiven && wait > 0) {
      throw new Refusal(429, 'too_many_failures', `Too many failed logins. Try again in ${wait} seconds.`, {
        'retry-after': String(wait),
      });
    }
    return failures;
  }

  async #countFailure(name: string): Promise<void> {
    await this.#pool.query(
      `INSERT INTO login_failures AS known (name, failures, last_failure_at) VALUES ($1, 1, now())
       ON CONFLICT (name) DO UPDATE SET last_failure_at = now(), failures =
         CASE WHEN known.last_failure_at > now() - make_interval(secs => $2) THEN known.failures + 1 ELSE 1 END`,
      [name, forgetSeconds],
    );
  }
}
