import { randomUUID } from 'node:crypto';
import type { DatabaseConfiguration } from '../configuration.js';
import { endOnSignal } from '../lifecycle.js';
import { createLogger } from '../logger.js';
import { startDatabase } from './service.js';

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
