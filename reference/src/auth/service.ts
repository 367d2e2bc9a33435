import type { AuthConfiguration } from '../configuration.js';
import { listen } from '../http/server.js';
import type { Service } from '../lifecycle.js';
import type { Logger } from '../logger.js';
import { openPool, type Pool } from '../storage/pool.js';
import { migrate } from '../storage/migrate.js';
import { Accounts } from './accounts.js';
import { Attempts } from './attempts.js';
import { createAuthApplication } from './application.js';
import { StoredKeys, type Keys } from './keys.js';
import { StoredRefreshTokens, type RefreshTokens } from './refresh-tokens.js';
import { Sessions } from './sessions.js';
import { setTimeout as pause } from 'node:timers/promises';

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

export interface RunningAuth extends Service {
  readonly port: number;
}

export async function startAuth(
  parts: AuthParts,
  configuration: AuthConfiguration,
  { boot, logger }: { readonly boot: string; readonly logger: Logger },
): Promise<RunningAuth> {
  let draining = false;
  const isReady = async () => !draining && (await answers(parts.pool));
  const application = createAuthApplication(parts, configuration, { service: 'auth', boot, logger, isReady });
  const web = await listen(application, configuration.HOST, configuration.PORT);
  logger.info({ port: web.port }, 'auth is ready');
  return {
    port: web.port,
    drain: async (signal) => {
      draining = true;
      // Balancers look at readiness: they get the time to see it before the door closes.
      await pause(configuration.LAME_DUCK_MS, undefined, { signal });
      await web.close();
      await parts.pool.end();
    },
  };
}

const answers = (pool: Pool): Promise<boolean> =>
  pool.query('SELECT 1').then(
    () => true,
    () => false,
  );
