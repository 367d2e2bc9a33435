import { setTimeout as pause } from 'node:timers/promises';
import type { AuthConfiguration } from '../configuration.js';
import { listen } from '../http/server.js';
import type { Service } from '../lifecycle.js';
import type { Logger } from '../logger.js';
import type { Pool } from '../storage/pool.js';
import { createAuthApplication } from './application.js';
import type { AuthParts } from './parts.js';

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
