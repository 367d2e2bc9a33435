import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { Journal } from '../../../src/observe/record/journal.js';

async function inFolder(story: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'outlast-journal-'));
  try {
    await story(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('writes every line, in order, whatever their sizes and whenever they come', () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'j');
    const journal = new Journal(file);
    let expected = '';
    for (let number = 0; number < 3_000; number++) {
      const line = `${number}${'x'.repeat((number * 7919) % 3_000)}\n`;
      expected += line;
      journal.append(line);
      if (number % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await journal.close();
    expect((await readFile(file, 'utf8')) === expected).toBe(true);
    await journal.close();
  }));

it('gives a file up that falls too far behind, rather than fill the memory or hold anyone up', () =>
  inFolder(async (folder) => {
    // A pipe that nobody reads from is the slowest of files.
    const pipe = path.join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const journal = new Journal(pipe, { mostWaiting: 1_000_000 });
    for (let number = 0; number < 40; number++) journal.append('x'.repeat(100_000));
    await expect(journal.broken).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining('the disk is too slow') as string,
    });
    const reader = createReadStream(pipe).resume();
    await expect(journal.close()).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    reader.destroy();
  }));
