import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');

/** The places in a page that one can link to: its headings, as GitHub names them. */
const anchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** The links of a page that lead nowhere in this repository. */
async function dead(page: string): Promise<string[]> {
  const text = (await readFile(page, 'utf8')).replaceAll(/^```.*?^```/gms, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const found = await Promise.all(
    links
      .filter((link) => !/^\w+:/.test(link))
      .map(async (link) => {
        const [file = '', anchor] = link.split('#');
        const place = file === '' ? page : path.resolve(path.dirname(page), file);
        if (!existsSync(place)) return [link];
        if (anchor === undefined || anchors(await readFile(place, 'utf8')).includes(anchor)) return [];
        return [link];
      }),
  );
  return found.flat();
}

const pages = async (folder: string): Promise<string[]> =>
  (await readdir(path.join(repository, folder), { recursive: true }))
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => path.join(folder, name));

it('finds a place behind every link of every page', async () => {
  const own = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'reference/README.md'];
  const all = [...own, ...(await pages('docs')), ...(await pages('examples'))];
  const nowhere = await Promise.all(
    all.map(async (page) => (await dead(path.join(repository, page))).map((link) => `${page}: ${link}`)),
  );
  expect(all.length).toBeGreaterThan(10);
  expect(nowhere.flat()).toEqual([]);
});
