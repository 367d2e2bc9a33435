import { randomUUID } from 'node:crypto';
import type { AuthConfiguration } from '../configuration.js';
import { endOnSignal } from '../lifecycle.js';
import { createLogger } from '../logger.js';
import { authParts } from './parts.js';
import { startAuth } from './service.js';

export async function runAuth(configuration: AuthConfiguration): Promise<void> {
  const boot = randomUUID();
  const logger = createLogger('auth', boot, configuration.LOG_LEVEL);
  const auth = await startAuth(await authParts(configuration, logger), configuration, { boot, logger });
  endOnSignal(auth, configuration.GRACE_SECONDS, logger);
}
