// Keeps the service of examples/own-service running, as a supervisor does: on SIGHUP it is stopped and started again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const server = path.join(import.meta.dirname, '../own-service/server.js');
const start = () => spawn(process.execPath, [server], { stdio: 'inherit' });

let child = start();
writeFileSync(process.env.PID_FILE, String(process.pid));

process.on('SIGHUP', async () => {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  child = start();
});
process.on('SIGTERM', async () => {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  process.exit(0);
});
