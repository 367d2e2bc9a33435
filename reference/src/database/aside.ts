import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';

const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Builds what is to become `folder` beside it: `build` makes the folder that it is given, and renames it. What is left of it is
 * removed, also when a signal ends this process meanwhile; after a SIGKILL, by whoever builds next.
 */
export async function withAside(folder: string, build: (aside: string) => Promise<void>): Promise<void> {
  await removeAbandoned(folder);
  const aside = `${folder}.${process.pid}.${randomUUID()}`;
  const remove = () => rmSync(aside, { recursive: true, force: true, maxRetries: 10 });
  const end = (signal: (typeof ends)[number]) => {
    remove();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of ends) process.once(signal, end);
  try {
    await build(aside);
  } finally {
    for (const signal of ends) process.off(signal, end);
    remove();
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  const begin = `${path.basename(folder)}.`;
  for (const name of await readdir(parent)) {
    const owner = name.startsWith(begin) ? /^\d+/.exec(name.slice(begin.length))?.[0] : undefined;
    if (owner === undefined || isAlive(Number(owner))) continue;
    await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // EPERM: it is there, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
