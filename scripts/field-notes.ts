// Measures every case of examples/ several times and writes what came out between the marks in docs/field-notes.md:
// `npm run field-notes -- [--runs 5] [EXAMPLE…]`. What is not installed is left as it was, and said.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs, promisify } from 'node:util';
import prettier from 'prettier';
import type { Case } from '../examples/case.js';
import { examples, measure, type Example } from '../test/servers/support/examples.js';
import { missing } from '../test/servers/support/needs.js';
import { rowOf, tableOf, type Row, type Sample } from './field-notes/table.js';

const page = new URL('../docs/field-notes.md', import.meta.url);
const marks = (name: string) => ({ begin: `<!-- measured ${name} -->`, end: `<!-- end of ${name} -->` });
const run = promisify(execFile);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' } },
});

for (const example of await examples()) {
  if (positionals.length > 0 && !positionals.includes(example.name)) continue;
  const rows: Row[] = [];
  for (const one of example.cases) {
    const lack = await missing(one.needs, example.folder);
    if (lack === null) rows.push(await measured(example, one));
    else say(`${example.name}, ${one.name}: left out, ${lack}`);
  }
  if (rows.length > 0) await write(example, rows);
}

async function measured(example: Example, one: Case): Promise<Row> {
  const samples: Sample[] = [];
  for (let nth = 1; nth <= Number(values.runs); nth++) {
    const { verdict } = await measure(example, one);
    samples.push(verdict);
    say(`${example.name}, ${one.name}: ${nth} of ${values.runs}: ${verdict.outcome}`);
  }
  return rowOf(example.name, one, await versionOf(example, one), samples);
}

/** The first number with dots that the program prints of itself. */
async function versionOf({ folder }: Example, { server }: Case): Promise<string> {
  const [program, ...parameters] = server.version;
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin`;
  const options = { cwd: folder, env: { ...process.env, PATH: path } };
  // Some print their version on standard error, and end with an error for want of anything to do.
  const { stdout, stderr } = await run(program, parameters, options).catch((error: unknown) =>
    Object.assign({ stdout: '', stderr: '' }, error),
  );
  return /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? 'unknown';
}

async function write({ name }: Example, rows: readonly Row[]): Promise<void> {
  const text = await readFile(page, 'utf8');
  const { begin, end } = marks(name);
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to === -1)
    throw new Error(`expected the marks ${begin} and ${end} in docs/field-notes.md`);
  const made = `${text.slice(0, from + begin.length)}\n\n${tableOf(rows)}\n\n${text.slice(to)}`;
  const config = await prettier.resolveConfig(page);
  await writeFile(page, await prettier.format(made, { ...config, parser: 'markdown' }));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
