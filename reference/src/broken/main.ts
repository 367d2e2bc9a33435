#!/usr/bin/env node
import { randomUUID } from 'node:crypto';
import { authParts } from '../auth/parts.js';
import { startAuth } from '../auth/service.js';
import { balancerParts, startBalancer } from '../balancer/service.js';
import { backendParts } from '../backend/parts.js';
import { startBackend } from '../backend/service.js';
import {
  authConfiguration,
  backendConfiguration,
  balancerConfiguration,
  ConfigurationError,
} from '../configuration.js';
import { endOnSignal } from '../lifecycle.js';
import { createLogger } from '../logger.js';
import { authSwaps, backendSwaps, balancerSwaps, ends } from './compose.js';
import { faults, servicesOf, type FaultName } from './manifest.js';

const commands = { auth: runAuth, backend: runBackend, balancer: runBalancer };
const [name = '', service = ''] = process.argv.slice(2);

const where = isFault(name) ? servicesOf(faults[name]).find((one) => one === service) : undefined;
if (!isFault(name) || where === undefined) {
  const lines = Object.entries(faults).flatMap(([fault, one]) =>
    servicesOf(one).map((each) => `  ${fault} ${each}`),
  );
  process.stderr.write(`Usage: main.js VARIANT SERVICE, one of\n${lines.join('\n')}\n`);
  process.exit(2);
}
try {
  await commands[where](name);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigurationError ? 2 : 1);
}

async function runBackend(fault: FaultName): Promise<void> {
  const configuration = backendConfiguration(process.env);
  const boot = randomUUID();
  const logger = createLogger('backend', boot, configuration.LOG_LEVEL);
  const parts = await backendParts(configuration, logger);
  const wrong = await backendSwaps[fault]?.(parts);
  const backend = await startBackend({ ...parts, ...wrong }, configuration, { boot, logger });
  (ends[fault] ?? endOnSignal)(backend, configuration.GRACE_SECONDS, logger);
}

async function runBalancer(fault: FaultName): Promise<void> {
  const configuration = balancerConfiguration(process.env);
  const logger = createLogger('balancer', randomUUID(), configuration.LOG_LEVEL);
  const wrong = balancerSwaps[fault]?.(configuration, logger);
  const balancer = await startBalancer(
    { ...balancerParts(configuration, logger), ...wrong },
    configuration,
    logger,
  );
  endOnSignal(balancer, configuration.GRACE_SECONDS, logger);
}

async function runAuth(fault: FaultName): Promise<void> {
  const configuration = authConfiguration(process.env);
  const boot = randomUUID();
  const logger = createLogger('auth', boot, configuration.LOG_LEVEL);
  const parts = await authParts(configuration, logger);
  const wrong = await authSwaps[fault]?.(parts);
  const auth = await startAuth({ ...parts, ...wrong }, configuration, { boot, logger });
  (ends[fault] ?? endOnSignal)(auth, configuration.GRACE_SECONDS, logger);
}

function isFault(value: string): value is FaultName {
  return Object.hasOwn(faults, value);
}
