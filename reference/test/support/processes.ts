import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const built = (file: string) => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));
export const main = built('bundled/main.js');
export const brokenMain = built('bundled/broken-main.js');

/** A process of the service, its output, and how it ended. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly output: () => string;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
}

const running = new Set<Running>();

/** Starts `node ...args`. */
export function launch(args: readonly string[], environment: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<Awaited<Running['exited']>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const self: Running = {
    child,
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    kill: (signal) => child.kill(signal),
  };
  running.add(self);
  void exited.then(() => running.delete(self));
  return self;
}

/** Resolves when the process has said that it is ready; rejects when it ends before. */
export async function ready(process: Running): Promise<Running> {
  const said = until(() => process.output().includes('is ready'), 20_000);
  const ended = process.exited.then(() => {
    throw new Error(`It ended before it was ready:\n${process.output()}`);
  });
  await Promise.race([said, ended]);
  return process;
}

/** Ends everything that a test file has started. */
export async function stopAll(): Promise<void> {
  const all = [...running].reverse();
  for (const process of all) {
    process.kill('SIGTERM');
    await process.exited;
  }
}

/** Looks again and again until it is so. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline)
      throw new Error(`It did not come true within ${withinMs} ms: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
