import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../src/app/judge.js';
import { historySchema } from '../../src/history/index.js';
import { terminal } from '../../src/report/index.js';

const repository = path.resolve(import.meta.dirname, '../..');
const read = (...place: string[]) => readFile(path.join(repository, ...place), 'utf8');
const page = await read('docs/histories.md');
const examples = path.join(repository, 'examples/histories');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);

describe('the page of histories', () => {
  it('shows lines of the examples as they are', async () => {
    const [header = ''] = blocks('json');
    const lines = (await read('examples/histories/smallest.ndjson')).split('\n');
    expect(JSON.parse(header)).toEqual(JSON.parse(lines[0] ?? ''));
    const shown = blocks('ndjson').join('').trimEnd().split('\n');
    expect(shown).toHaveLength(5);
    for (const line of shown) expect(lines).toContain(line);
  });

  it.each(blocks('console').map((block) => [/judge (\S+)/.exec(block)?.[1] ?? '', block]))(
    'shows what comes out of %s',
    async (place, block) => {
      const { verdict } = await verdictOf(path.join(repository, place));
      const report = terminal(verdict);
      for (const part of block.split(/\n\n+/).slice(1)) expect(report).toContain(part.trimEnd());
    },
  );

  it('has examples that fit the schema', async () => {
    const validate = new Ajv2020().compile(historySchema());
    for (const name of ['smallest', 'lost', 'several/one', 'several/two']) {
      const lines = (await readFile(path.join(examples, `${name}.ndjson`), 'utf8')).trimEnd().split('\n');
      for (const line of lines) expect(validate(JSON.parse(line)), line).toBe(true);
    }
  });
});
