import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withAside } from '../src/database/aside.js';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'aside-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

it('leaves only what took its place, and nothing of a build that failed', async () => {
  const folder = path.join(cache, 'built');
  await withAside(folder, async (aside) => {
    mkdirSync(aside);
    renameSync(aside, folder);
  });
  const failing = withAside(path.join(cache, 'other'), async (aside) => {
    mkdirSync(aside);
    throw new Error('no space');
  });
  await expect(failing).rejects.toThrow('no space');
  expect(readdirSync(cache)).toEqual(['built']);
});

it('removes what processes that are gone have left half built, and nothing else', async () => {
  const gone = spawnSync('true').pid;
  const [abandoned, underWay, other] = [`built.${gone}.a`, `built.${process.pid}.b`, 'built-before'];
  for (const name of [abandoned, underWay, other]) mkdirSync(path.join(cache, name));
  await withAside(path.join(cache, 'built'), () => Promise.resolve());
  expect(readdirSync(cache).sort()).toEqual([other, underWay]);
});
