import type { AuthConfiguration } from '../configuration.js';
import type { Logger } from '../logger.js';
import { migrate } from '../storage/migrate.js';
import { openPool, type Pool } from '../storage/pool.js';
import { Accounts } from './accounts.js';
import { Attempts } from './attempts.js';
import { StoredKeys, type Keys } from './keys.js';
import { StoredRefreshTokens, type RefreshTokens } from './refresh-tokens.js';
import { Sessions } from './sessions.js';

/** What auth is made of. All of it lives in the database; the process holds nothing that matters. */
export interface AuthParts {
  readonly pool: Pool;
  readonly keys: Keys;
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly sessions: Sessions;
  readonly refreshTokens: RefreshTokens;
}

/** The service's own parts, on a database that is brought up to date first. */
export async function authParts(configuration: AuthConfiguration, logger: Logger): Promise<AuthParts> {
  await migrate(configuration.DATABASE_URL, logger);
  const pool = openPool(configuration.DATABASE_URL, logger);
  const keys = new StoredKeys(pool, configuration.ACCESS_TOKEN_SECONDS);
  await keys.prepare();
  const refreshTokens = new StoredRefreshTokens(pool, {
    lifetimeSeconds: configuration.REFRESH_TOKEN_SECONDS,
    outageSeconds: configuration.OUTAGE_SECONDS,
  });
  return {
    pool,
    keys,
    refreshTokens,
    accounts: new Accounts(pool),
    attempts: new Attempts(pool),
    sessions: new Sessions(pool),
  };
}
