#!/usr/bin/env node
import { randomUUID } from 'node:crypto';
import { authParts } from '../auth/parts.js';
import { startAuth } from '../auth/service.js';
import { backendParts } from '../backend/parts.js';
import { startBackend } from '../backend/service.js';
import { authConfiguration, backendConfiguration, ConfigurationError } from '../configuration.js';
import { endOnSignal } from '../lifecycle.js';
import { createLogger } from '../logger.js';
import { authSwaps, backendSwaps, ends } from './compose.js';
import { faults, type FaultName } from './manifest.js';

const commands = { auth: runAuth, backend: runBackend };
const [name = '', service = ''] = process.argv.slice(2);

if (!isFault(name) || faults[name].service !== service) {
  const lines = Object.entries(faults).map(([fault, { service: where }]) => `  ${fault} ${where}`);
  process.stderr.write(`Usage: main.js VARIANT SERVICE, one of\n${lines.join('\n')}\n`);
  process.exit(2);
}
try {
  await commands[faults[name].service](name);
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
