import { readdir, readFile } from 'node:fs/promises';
import prettier from 'prettier';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/judge/index.js';
import { pages } from '../../src/report/index.js';

const docs = new URL('../../docs/', import.meta.url);
const made = pages(checks);

describe('the pages of docs/ that are made from the code', () => {
  it.each(made)('$file is up to date (npx tsx scripts/make-docs.ts)', async ({ file, text }) => {
    const config = await prettier.resolveConfig(docs);
    const wanted = await prettier.format(text, { ...config, parser: 'markdown' });
    expect(await readFile(new URL(file, docs), 'utf8')).toBe(wanted);
  });

  it.each(['MAPPING_FAILED', 'CLIENT_MISBEHAVED', 'TEXT_CHANGED'])(
    'do not say that nothing was touched where a run shows %s',
    (code) => {
      const errors = made.find(({ file }) => file === 'errors.md')?.text ?? '';
      const entry = errors.split('\n## ').find((text) => text.startsWith(code));
      expect(entry).toMatch(/Exit code 2: .* the run that showed it was ended and healed/);
      expect(entry).not.toContain('nothing was touched');
    },
  );

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
