import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atomicWrite, removeScratch, removeScratchNow, scratchFolder } from '../../src/system/index.js';

let folder = '';
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => removeScratch(folder));

describe('writing a file', () => {
  it('replaces the whole file and leaves nothing beside it', async () => {
    const file = path.join(folder, 'verdict.json');
    await atomicWrite(file, 'one');
    await atomicWrite(file, 'two');
    expect(await readFile(file, 'utf8')).toBe('two');
    expect(await readdir(folder)).toEqual(['verdict.json']);
  });

  it('names the path and the reason when it cannot, and leaves nothing behind', async () => {
    const file = path.join(folder, 'missing', 'verdict.json');
    await expect(atomicWrite(file, 'text')).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringMatching(/expected to write .*verdict\.json: ENOENT/),
    });
    const occupied = path.join(folder, 'occupied');
    await mkdir(occupied);
    await expect(atomicWrite(occupied, 'text')).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    expect(await readdir(folder)).toEqual(['occupied']);
  });
});

describe('a scratch folder', () => {
  it('is new, is ours by its name, and can be reached by a service without privileges', async () => {
    expect(path.basename(folder)).toMatch(/^outlast-/);
    expect(await readdir(folder)).toEqual([]);
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });

  it('is removed with all that is in it, in its own time or at once', async () => {
    for (const remove of [removeScratch, removeScratchNow]) {
      const other = scratchFolder();
      await mkdir(path.join(other, 'deep'));
      await writeFile(path.join(other, 'deep', 'file'), 'text');
      await remove(other);
      await expect(stat(other)).rejects.toThrow(/ENOENT/);
      await remove(other);
    }
  });
});
