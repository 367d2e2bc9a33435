import { randomUUID } from 'node:crypto';
import type { BackendConfiguration } from '../configuration.js';
import { endOnSignal } from '../lifecycle.js';
import { createLogger } from '../logger.js';
import { backendParts } from './parts.js';
import { startBackend } from './service.js';

export async function runBackend(configuration: BackendConfiguration): Promise<void> {
  const boot = randomUUID();
  const logger = createLogger('backend', boot, configuration.LOG_LEVEL);
  const backend = await startBackend(await backendParts(configuration, logger), configuration, {
    boot,
    logger,
  });
  endOnSignal(backend, configuration.GRACE_SECONDS, logger);
}
