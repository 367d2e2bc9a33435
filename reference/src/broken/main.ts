#!/usr/bin/env node
import { randomUUID } from 'node:crypto';
import { authParts } from '../auth/parts.js';
import { startAuth } from '../auth/service.js';
import { balancerParts, startBalancer, type BalancerParts } from '../balancer/service.js';
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
import { authSwaps, backendSwaps, balancerSwaps, ends, type Swap } from './compose.js';
import { faults, servicesOf, type FaultName } from './manifest.js';

const commands = { auth: runAuth, backend: runBackend, balancer: runBalancer };
const [given = '', service = ''] = process.argv.slice(2);

const names = given.split(',').filter(isFault);
const where = names.flatMap((name) => servicesOf(faults[name])).find((one) => one === service);
if (names.join() !== given || where === undefined) {
  const lines = Object.entries(faults).flatMap(([fault, one]) =>
    servicesOf(one).map((each) => `  ${fault} ${each}`),
  );
  process.stderr.write(`Usage: main.js VARIANT[,VARIANT…] SERVICE, of\n${lines.join('\n')}\n`);
  process.exit(2);
}
try {
  // What is wrong with another service is none of this one's.
  await commands[where](names.filter((name) => servicesOf(faults[name]).includes(where)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigurationError ? 2 : 1);
}

async function runBackend(broken: readonly FaultName[]): Promise<void> {
  const configuration = backendConfiguration(process.env);
  const boot = randomUUID();
  const logger = createLogger('backend', boot, configuration.LOG_LEVEL);
  const parts = await broken.reduce(swappedBy(backendSwaps), backendParts(configuration, logger));
  const backend = await startBackend(parts, configuration, { boot, logger });
  endOf(broken)(backend, configuration.GRACE_SECONDS, logger);
}

async function runBalancer(broken: readonly FaultName[]): Promise<void> {
  const configuration = balancerConfiguration(process.env);
  const logger = createLogger('balancer', randomUUID(), configuration.LOG_LEVEL);
  const wrong = broken.map((name) => balancerSwaps[name]?.(configuration, logger));
  const parts: BalancerParts = Object.assign(balancerParts(configuration, logger), ...wrong);
  endOnSignal(await startBalancer(parts, configuration, logger), configuration.GRACE_SECONDS, logger);
}

async function runAuth(broken: readonly FaultName[]): Promise<void> {
  const configuration = authConfiguration(process.env);
  const boot = randomUUID();
  const logger = createLogger('auth', boot, configuration.LOG_LEVEL);
  const parts = await broken.reduce(swappedBy(authSwaps), authParts(configuration, logger));
  const auth = await startAuth(parts, configuration, { boot, logger });
  endOf(broken)(auth, configuration.GRACE_SECONDS, logger);
}

/** One fault after the other, each upon what the ones before have left. */
function swappedBy<Parts extends object>(swaps: Partial<Record<FaultName, Swap<Parts>>>) {
  return async (before: Promise<Parts>, name: FaultName): Promise<Parts> => {
    const parts = await before;
    return { ...parts, ...(await swaps[name]?.(parts)) };
  };
}

function endOf(broken: readonly FaultName[]): typeof endOnSignal {
  return broken.map((name) => ends[name]).find((end) => end !== undefined) ?? endOnSignal;
}

function isFault(value: string): value is FaultName {
  return Object.hasOwn(faults, value);
}
