#!/usr/bin/env node
import {
  authConfiguration,
  backendConfiguration,
  balancerConfiguration,
  ConfigurationError,
  databaseConfiguration,
} from './configuration.js';

// Each loads only what it needs: how soon a restarted service is back is what its users wait for.
const commands: Readonly<Record<string, () => Promise<void>>> = {
  database: async () => {
    const configuration = databaseConfiguration(process.env);
    await (await import('./database/run.js')).runDatabase(configuration);
  },
  auth: async () => {
    const configuration = authConfiguration(process.env);
    await (await import('./auth/run.js')).runAuth(configuration);
  },
  balancer: async () => {
    const configuration = balancerConfiguration(process.env);
    await (await import('./balancer/run.js')).runBalancer(configuration);
  },
  backend: async () => {
    const configuration = backendConfiguration(process.env);
    await (await import('./backend/run.js')).runBackend(configuration);
  },
};

const name = process.argv[2] ?? '';
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!command || process.argv.length > 3) {
  process.stderr.write(
    `Usage: outlast-reference ${Object.keys(commands).join('|')} (configured by its environment)\n`,
  );
  process.exit(2);
}
try {
  await command();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigurationError ? 2 : 1);
}
