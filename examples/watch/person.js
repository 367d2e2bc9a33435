// Plays the person: has the service running, and deploys it (stops it, and starts it again) when Outlast says that it watches.
// What Outlast prints is its standard input; when that ends, all is stopped. In real life this is you, with your own hands.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const server = path.join(import.meta.dirname, '../own-service/server.js');
const health = 'http://127.0.0.1:18431/health';
const folder = mkdtempSync(path.join(tmpdir(), 'watch-'));
const environment = {
  ...process.env,
  PORT: '18431',
  LOG: path.join(folder, 'chat.log'),
  JWT_SECRET: 'only for trying this example',
};
const start = () => spawn(process.execPath, [server], { env: environment, stdio: ['ignore', 2, 2] });

let service = start();

async function stop() {
  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  await ended;
}

async function isReady() {
  while (!(await fetch(health).catch(() => null))?.ok)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

await isReady();
console.log('ready');

for await (const line of createInterface(process.stdin)) {
  if (!line.includes('deploy chat now')) continue;
  await stop();
  service = start();
}
await stop();
rmSync(folder, { recursive: true, force: true });
