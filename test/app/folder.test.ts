import { mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findHistory, makeRunFolder } from '../../src/app/folder.js';

const at = new Date('2026-03-01T12:34:56Z');
const home = process.cwd();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'folder-test-'));
});
afterEach(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

describe('the run directory', () => {
  it('is the one that was named, with a place for what the target prints', async () => {
    const made = await makeRunFolder(path.join(folder, 'a', 'run'), 'abcdefgh', at);
    expect(made).toBe(path.join(folder, 'a', 'run'));
    expect((await stat(path.join(made, 'target'))).isDirectory()).toBe(true);
  });

  it('is named by time and run below the working directory where none was named', async () => {
    process.chdir(folder);
    const made = await makeRunFolder(undefined, 'abcdefgh', at);
    expect(path.relative(await realpath(folder), made)).toBe('outlast-runs/20260301-123456-abcdefgh');
    await writeFile(path.join(made, 'history.ndjson'), '');
    expect(await findHistory(undefined)).toEqual([path.join(made, 'history.ndjson')]);
  });

  it('is refused where a run is already: a history is never overwritten', async () => {
    await writeFile(path.join(folder, 'history.ndjson'), '');
    await expect(makeRunFolder(folder, 'abcdefgh', at)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('that cannot be made is an error that names it and what to do, before anything is touched', async () => {
    const file = path.join(folder, 'a file');
    await writeFile(file, '');
    await expect(makeRunFolder(path.join(file, 'run'), 'abcdefgh', at)).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining('--out') as string,
    });
    expect(await readdir(folder)).toEqual(['a file']);
  });
});

describe('the history that a command names', () => {
  it('is the file itself, or the one in a run directory', async () => {
    const history = path.join(folder, 'history.ndjson');
    await writeFile(history, '');
    expect(await findHistory(history)).toEqual([history]);
    expect(await findHistory(folder)).toEqual([history]);
  });

  it('is all histories in a folder that has no `history.ndjson`, compressed or not', async () => {
    for (const name of ['b.ndjson.gz', 'a.ndjson', 'verdict.json', 'c.ndjson.bak'])
      await writeFile(path.join(folder, name), '');
    expect(await findHistory(folder)).toEqual([
      path.join(folder, 'a.ndjson'),
      path.join(folder, 'b.ndjson.gz'),
    ]);
    await writeFile(path.join(folder, 'history.ndjson.gz'), '');
    expect(await findHistory(folder)).toEqual([path.join(folder, 'history.ndjson.gz')]);
  });

  it('that is not there is an error that says where it was looked for', async () => {
    await mkdir(path.join(folder, 'empty'));
    for (const place of ['empty', 'nothing']) {
      await expect(findHistory(path.join(folder, place))).rejects.toMatchObject({
        code: 'HISTORY_NOT_FOUND',
        message: expect.stringContaining(place) as string,
      });
    }
  });
});
