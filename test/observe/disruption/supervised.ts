import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { freePort, removeScratch, scratchFolder } from '../../../src/system/index.js';

const supervisor = path.join(import.meta.dirname, '../../fixtures/services/supervisor.sh');

/** A service that somebody else runs. */
export interface Supervised {
  readonly folder: string;
  /** Its door. */
  readonly ready: string;
  /** The command of one word of the supervisor. */
  supervise(word: string): readonly [string, ...string[]];
  /** Carries it out. */
  order(word: string): void;
}

/** Started, ready, and stopped when the test is over. */
export async function supervised(): Promise<Supervised> {
  const folder = scratchFolder();
  const port = String(await freePort());
  const supervise = (word: string) => [supervisor, word, folder, port] as const;
  // What it starts would keep a pipe of ours open.
  const order = (word: string) =>
    void execFileSync(supervisor, supervise(word).slice(1), { stdio: 'ignore' });
  order('start');
  onTestFinished(async () => {
    order('stop');
    await removeScratch(folder);
  });
  const ready = `http://127.0.0.1:${port}/ready`;
  const isReady = () =>
    fetch(ready).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isReady, { timeout: 10_000 }).toBe(true);
  return { folder, ready, supervise, order };
}
