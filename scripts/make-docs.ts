// Writes the pages of docs/ that are made from the code: `npx tsx scripts/make-docs.ts`.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import prettier from 'prettier';
import { checks } from '../src/judge/index.js';
import { pages } from '../src/report/index.js';
import { guarantees } from './catalogue/page.js';

const docs = new URL('../docs/', import.meta.url);
const folder = new URL('checks/', docs);
const config = await prettier.resolveConfig(docs);
const made = pages(checks);

await mkdir(folder, { recursive: true });
for (const { file, text } of made) {
  await writeFile(new URL(file, docs), await prettier.format(text, { ...config, parser: 'markdown' }));
}
await mkdir(new URL('guarantees/', docs), { recursive: true });
const catalogue = await readFile(new URL('failure-modes.md', docs), 'utf8');
const caught = await prettier.format(guarantees(catalogue, checks), { ...config, parser: 'markdown' });
await writeFile(new URL('guarantees/README.md', docs), caught);
// The page of a check that is no more.
for (const name of await readdir(folder)) {
  if (!made.some(({ file }) => file === `checks/${name}`)) await rm(new URL(name, folder));
}

// The index of the pages about disruptions: of each its title and its first sentence.
const index = new URL('README.md', docs);
const disruptions = new URL('disruptions/', docs);
const files = (await readdir(disruptions)).filter((name) => name.endsWith('.md')).sort();
const rows = await Promise.all(
  files.map(async (file) => {
    const [title = '', ...paragraphs] = (await readFile(new URL(file, disruptions), 'utf8')).split('\n\n');
    const first = paragraphs.find((text) => !text.startsWith('```')) ?? '';
    const sentence = /^.*?\.(?=\s|$)/s.exec(first)?.[0].replaceAll('\n', ' ') ?? first;
    return `| [${title.replace(/^#\s*/, '')}](disruptions/${file}) | ${sentence} |`;
  }),
);
const table = ['| page | what happens |', '| --- | --- |', ...rows].join('\n');
const text = (await readFile(index, 'utf8')).replace(
  /(<!-- disruptions:[^>]*-->).*(<!-- \/disruptions -->)/s,
  (_whole, begin: string, end: string) => `${begin}\n\n${table}\n\n${end}`,
);
await writeFile(index, await prettier.format(text, { ...config, parser: 'markdown' }));
