#!/usr/bin/env node
import {
  authConfiguration,
  backendConfiguration,
  ConfigurationError,
  databaseConfiguration,
} from './configuration.js';
import { runAuth, runBackend, runDatabase } from './run.js';

const commands: Readonly<Record<string, () => Promise<void>>> = {
  database: () => runDatabase(databaseConfiguration(process.env)),
  auth: () => runAuth(authConfiguration(process.env)),
  backend: () => runBackend(backendConfiguration(process.env)),
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
