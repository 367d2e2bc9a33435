import { randomUUID } from 'node:crypto';
import type { BalancerConfiguration } from '../configuration.js';
import { endOnSignal } from '../lifecycle.js';
import { createLogger } from '../logger.js';
import { balancerParts, startBalancer } from './service.js';

export async function runBalancer(configuration: BalancerConfiguration): Promise<void> {
  const logger = createLogger('balancer', randomUUID(), configuration.LOG_LEVEL);
  const balancer = await startBalancer(balancerParts(configuration, logger), configuration, logger);
  endOnSignal(balancer, configuration.GRACE_SECONDS, logger);
}
