#!/usr/bin/env node
import { createRequire } from 'node:module';
import { leave } from './leave.js';
import { main } from './program.js';
import { outputTo, type World } from './world.js';

const world: World = {
  app: async () => (await import('../app/index.js')).app,
  stdout: outputTo(process.stdout),
  stderr: outputTo(process.stderr),
  environment: process.env,
};

// Read here and not from app, which takes longer to load than help takes to show.
const version = String(Reflect.get(createRequire(import.meta.url)('../../package.json'), 'version'));
const code = await main(process.argv.slice(2), world, version);
// A pipe takes what was written only bit by bit, and exit would cut it off.
const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => (stream.destroyed ? resolve() : stream.write('', () => resolve())));
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
leave(code);
