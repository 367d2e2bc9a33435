import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { scratchFolder, startGroup, startGuardian } from '../../src/system/index.js';

const fixtures = path.join(import.meta.dirname, '../fixtures');
const service = (name: string) => path.join(fixtures, 'services', name);
const strays: number[] = [];

afterEach(() => {
  for (const group of strays.splice(0)) {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // Gone, as it should be.
    }
  }
});

/** A node process that holds a group and a folder at its guardian. */
async function guarded(...parameters: string[]) {
  const parent = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(fixtures, 'guarded.ts'), ...parameters],
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  );
  const [line]: unknown[] = await once(createInterface(parent.stdout), 'line');
  const held: unknown = JSON.parse(String(line));
  if (!isHeld(held)) throw new Error(`expected what is held, got ${String(line)}`);
  strays.push(held.group);
  return { parent, ...held };
}

function isHeld(value: unknown): value is { group: number; guardian: number; folder: string } {
  return typeof value === 'object' && value !== null && 'group' in value && 'guardian' in value;
}

const exists = (id: number) => {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
};

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 15_000, interval: 20 }).toBe(true);
}

describe('the guardian', () => {
  it('ends the groups and removes the folders when we are killed', async () => {
    const { parent, group, guardian, folder } = await guarded(service('sleeper.js'));
    expect(existsSync(path.join(folder, 'file'))).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !exists(-group) && !existsSync(folder) && !exists(guardian));
  });

  it('also ends groups that were stopped', async () => {
    const { parent, group, guardian } = await guarded(service('sleeper.js'));
    process.kill(-group, 'SIGSTOP');
    parent.kill('SIGKILL');
    await until(() => !exists(-group) && !exists(guardian));
  });

  it('does not die of the signals that end us', async () => {
    const { parent, group, guardian } = await guarded(service('sleeper.js'));
    for (const name of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.kill(-guardian, name);
    process.kill(-(parent.pid ?? 0), 'SIGINT');
    await until(() => !exists(-group) && !exists(guardian));
  });

  it('lets a program end that has nothing else to do', async () => {
    const code = `import('${path.join(fixtures, '../../src/system/guardian.ts')}').then((m) => m.startGuardian().group(999999))`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '-e', code], { stdio: 'inherit' });
    expect(await once(parent, 'exit')).toEqual([0, null]);
  });

  it('kills what ignores SIGTERM', async () => {
    const guardian = startGuardian();
    const group = await startGroup({
      command: { shell: `trap '' TERM; echo trapped; while :; do sleep 1; done` },
      folder: '/',
      environment: { PATH: process.env['PATH'] ?? '' },
      output: () => {
        trapped();
      },
    });
    let trapped: () => void = () => undefined;
    await new Promise<void>((resolve) => (trapped = resolve));
    guardian.group(group.id);
    await guardian[Symbol.asyncDispose]();
    expect((await group.exited()).signal).toBe('SIGKILL');
  });

  it('leaves alone what it was told to forget, and folders that are not ours', async () => {
    const guardian = startGuardian();
    const group = await startGroup({
      command: [process.execPath, service('sleeper.js')],
      folder: '/',
      environment: {},
      output: () => undefined,
    });
    const [ours, forgotten] = [scratchFolder(), scratchFolder()];
    const foreign = path.join(tmpdir(), `not-ours-${process.pid}`);
    mkdirSync(foreign);
    try {
      guardian.group(group.id)();
      guardian.folder(forgotten)();
      guardian.folder(ours);
      guardian.folder(foreign);
      guardian.folder(`${ours}/../${path.basename(foreign)}`);
      await guardian[Symbol.asyncDispose]();
      expect(group.alive()).toBe(true);
      expect([ours, forgotten, foreign].map((folder) => existsSync(folder))).toEqual([false, true, true]);
    } finally {
      group.signal('SIGKILL');
      await group.exited();
      for (const folder of [forgotten, foreign]) rmSync(folder, { recursive: true });
    }
  });
});
