/**
 * Puts the modules of src/ into the few files of dist/ that are published: a command that loads 200 modules one by one shows its
 * first line half a second later. What each file is made of stands in it, and nothing is made smaller. docs/decisions/0042 says why.
 * So is the reference service bundled, with the libraries that it uses (docs/decisions/0048).
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/** Explaining a check takes no judge: what all checks say of themselves is looked up now, and stands in the bundle as data. */
const catalogue = {
  name: 'the catalogue as data',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/report\/catalogue\.ts$/ }, async () => {
      const module = await import('../build/report/catalogue.js');
      return { contents: `export const catalogue = ${JSON.stringify(module.catalogue)};`, loader: 'js' };
    });
  },
};

/** Alike for both. */
const common = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.12',
  logLevel: 'warning',
  write: false,
};

const product = await build({
  ...common,
  entryPoints: ['src/index.ts', 'src/mqtt.ts', 'src/socketio.ts', 'src/cli/main.ts'],
  outdir: 'dist',
  // One folder deep, as they are in src/: what looks for package.json or for its own code finds it in both.
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [catalogue],
  packages: 'external',
});
await write('dist', product.outputFiles);

const reference = await build({
  ...common,
  entryPoints: { main: 'reference/src/main.ts', 'broken-main': 'reference/src/broken/main.ts' },
  // As deep as its modules are: what looks for migrations finds them.
  outdir: 'reference/dist/bundled',
  // Code of the machine, and what is looked for and need not be there.
  external: ['@node-rs/argon2', 'pg-native', 'pg-cloudflare'],
  metafile: true,
  // Libraries in CommonJS ask for modules of Node as they were written to.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
});
const licences = await licencesOf(Object.keys(reference.metafile.inputs));
await write('reference/dist/bundled', [...reference.outputFiles, licences]);

/** The licences of the libraries in a bundle: most ask to be copied with them. */
async function licencesOf(inputs) {
  const folders = inputs.flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []);
  const texts = [...new Set(folders)].sort().map(async (folder) => {
    const name = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
    const { license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const text = name ? await readFile(path.join(folder, name), 'utf8') : license;
    return `${folder.replace(/^.*node_modules\//, '')}\n\n${text.trim()}\n`;
  });
  const contents = Buffer.from((await Promise.all(texts)).join('\n---\n\n'));
  return { path: path.resolve('reference/dist/bundled/LICENSES.txt'), contents };
}

/** A command may be running from these files: what is the same stays, and what is old goes last. */
async function write(folder, files) {
  for (const { path: file, contents } of files) {
    const old = await readFile(file).catch(() => null);
    if (old?.equals(contents)) continue;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, contents, { mode: file.endsWith('cli/main.js') ? 0o755 : 0o644 });
  }
  const made = new Set(files.map(({ path: file }) => file));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !made.has(path.resolve(file))) await rm(file);
  }
}
