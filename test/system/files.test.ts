import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  atomicWrite,
  makeFolder,
  removeScratch,
  removeScratchNow,
  scratchFolder,
} from '../../src/system/index.js';

let folder = '';
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => removeScratch(folder));

describe('making a folder', () => {
  it('makes those above it, and is content with what is there', async () => {
    const deep = path.join(folder, 'a', 'b', 'c');
    await Promise.all([makeFolder(deep), makeFolder(path.join(folder, 'a', 'b'))]);
    await makeFolder(deep);
    expect((await stat(deep)).isDirectory()).toBe(true);
  });

  it('comes to an end below a file, and behind a link that leads nowhere', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await symlink(path.join(folder, 'nowhere'), path.join(folder, 'link'));
    await expect(makeFolder(path.join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(path.join(folder, 'file/a/b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolder(path.join(folder, 'link/a/b'))).rejects.toMatchObject({ code: 'EEXIST' });
  });
});

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
