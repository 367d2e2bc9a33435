import { readdir, readFile } from 'node:fs/promises';
import prettier from 'prettier';
import { describe, expect, it } from 'vitest';
import { checks, pages } from '../../src/report/index.js';

const docs = new URL('../../docs/', import.meta.url);
const made = pages(checks);

describe('the pages of docs/ that are made from the code', () => {
  it.each(made)('$file is up to date (npx tsx scripts/make-docs.ts)', async ({ file, text }) => {
    const config = await prettier.resolveConfig(docs);
    const wanted = await prettier.format(text, { ...config, parser: 'markdown' });
    expect(await readFile(new URL(file, docs), 'utf8')).toBe(wanted);
  });

  it('are all there is in docs/checks', async () => {
    const names = (await readdir(new URL('checks/', docs))).map((name) => `checks/${name}`);
    expect(names.sort()).toEqual(
      made
        .map(({ file }) => file)
        .filter((file) => file !== 'errors.md')
        .sort(),
    );
  });
});
