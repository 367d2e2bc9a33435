// Writes the pages of docs/ that are made from the code: `npx tsx scripts/make-docs.ts`.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import prettier from 'prettier';
import { checks, pages } from '../src/report/index.js';

const docs = new URL('../docs/', import.meta.url);
const folder = new URL('checks/', docs);
const config = await prettier.resolveConfig(docs);
const made = pages(checks);

await mkdir(folder, { recursive: true });
for (const { file, text } of made) {
  await writeFile(new URL(file, docs), await prettier.format(text, { ...config, parser: 'markdown' }));
}
// The page of a check that is no more.
for (const name of await readdir(folder)) {
  if (!made.some(({ file }) => file === `checks/${name}`)) await rm(new URL(name, folder));
}
