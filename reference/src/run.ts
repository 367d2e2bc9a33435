import { randomUUID } from 'node:crypto';
import { startAuth, authParts } from './auth/service.js';
import { backendParts } from './backend/parts.js';
import { startBackend } from './backend/service.js';
import type { AuthConfiguration, BackendConfiguration, DatabaseConfiguration } from './configuration.js';
import { startDatabase } from './database/service.js';
import { endOnSignal } from './lifecycle.js';
import { createLogger } from './logger.js';

export async function runAuth(configuration: AuthConfiguration): Promise<void> {
  const boot = randomUUID();
  const logger = createLogger('auth', boot, configuration.LOG_LEVEL);
  const auth = await startAuth(await authParts(configuration, logger), configuration, { boot, logger });
  endOnSignal(auth, configuration.GRACE_SECONDS, logger);
}

export async function runBackend(configuration: BackendConfiguration): Promise<void> {
  const boot = randomUUID();
  const logger = createLogger('backend', boot, configuration.LOG_LEVEL);
  const backend = await startBackend(await backendParts(configuration, logger), configuration, {
    boot,
    logger,
  });
  endOnSignal(backend, configuration.GRACE_SECONDS, logger);
}

/** How long PostgreSQL may take to shut down. */
const databaseGraceSeconds = 30;

export async function runDatabase(configuration: DatabaseConfiguration): Promise<void> {
  const logger = createLogger('database', randomUUID(), configuration.LOG_LEVEL);
  const database = await startDatabase(configuration);
  endOnSignal(database, databaseGraceSeconds, logger);
  logger.info({ host: configuration.HOST, port: configuration.PORT }, 'database is ready');
  void database.ended.then((code) => {
    // Asked for, this comes after the signal, which ends the process itself.
    logger.info({ code }, 'PostgreSQL has ended');
    process.exitCode = code;
  });
}
