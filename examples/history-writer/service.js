// The chat of examples/own-service: how it is started, and how one connects to it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import WebSocket from 'ws';

const secret = 'only-for-trying';
const folder = mkdtempSync(path.join(tmpdir(), 'history-writer-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const port = await new Promise((found) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => found(port));
  });
});

const tokens = new Map();
for (const session of ['1', '2', '3']) {
  const token = new SignJWT({ sub: `user-${session}` })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h');
  tokens.set(session, await token.sign(new TextEncoder().encode(secret)));
}

/** Starts the service, and waits until it is ready. */
export async function start() {
  const server = new URL('../own-service/server.js', import.meta.url);
  const environment = { ...process.env, PORT: String(port), LOG: path.join(folder, 'chat.log') };
  const service = spawn(process.execPath, [server.pathname], {
    env: { ...environment, JWT_SECRET: secret },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.on('exit', () => service.kill('SIGKILL'));
  while (!(await isUp())) {
    if (service.exitCode !== null) throw new Error('expected the service to start, and it ended');
    await sleep(20);
  }
  return service;
}

export const isUp = () =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

export const dial = (session) => new WebSocket(`ws://127.0.0.1:${port}/?access_token=${tokens.get(session)}`);
