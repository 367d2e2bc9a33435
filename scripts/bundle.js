/**
 * Puts the modules of src/ into the few files of dist/ that are published: a command that loads 200 modules one by one shows its
 * first line half a second later. What each file is made of stands in it, and nothing is made smaller. docs/decisions/0042 says why.
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

const { outputFiles } = await build({
  entryPoints: ['src/index.ts', 'src/mqtt.ts', 'src/socketio.ts', 'src/cli/main.ts'],
  outdir: 'dist',
  // One folder deep, as they are in src/: what looks for package.json or for its own code finds it in both.
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  plugins: [catalogue],
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.12',
  logLevel: 'warning',
  write: false,
});

// A command may be running from these files: what is the same stays, and what is old goes last.
const made = new Set(outputFiles.map((file) => file.path));
for (const { path: file, contents } of outputFiles) {
  const old = await readFile(file).catch(() => null);
  if (old?.equals(contents)) continue;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, contents, { mode: file.endsWith('cli/main.js') ? 0o755 : 0o644 });
}
for (const entry of await readdir('dist', { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  if (entry.isFile() && !made.has(path.resolve(file))) await rm(file);
}
