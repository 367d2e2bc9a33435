// Runs every broken variant of the reference service and writes what failed to docs/broken-services.md: `npm run gallery [--
// NAME…]`. Ends with 1 where a cell is not what the manifest says.
import { writeFile } from 'node:fs/promises';
import { variants, type Expected, type Variant } from 'outlast-reference/demo';
import prettier from 'prettier';
import { failing, runDemo } from '../test/e2e/support/demo.js';

const page = new URL('../docs/broken-services.md', import.meta.url);
const wanted = process.argv.slice(2);
/** A run mostly waits. */
const atOnce = 2;

interface Cell {
  readonly name: string;
  readonly kind: 'SIGTERM' | 'SIGKILL' | 'rolling';
  readonly expected: Expected;
  readonly restartsNeeded: number;
}

interface Shown extends Cell {
  readonly fails: readonly string[];
  readonly consequences: readonly string[];
  readonly isRight: boolean;
}

const parameters: Readonly<Record<Cell['kind'], readonly string[]>> = {
  SIGTERM: [],
  SIGKILL: ['--crash'],
  rolling: [],
};

const entries = Object.entries(variants).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const queue = entries.flatMap(([name, { expected, restartsNeeded = 1 }]): Cell[] => {
  const one = { name, restartsNeeded };
  return 'rolling' in expected
    ? [{ ...one, kind: 'rolling', expected: expected.rolling }]
    : [
        { ...one, kind: 'SIGTERM', expected: expected.restart },
        { ...one, kind: 'SIGKILL', expected: expected.crash },
      ];
});
const shown: Shown[] = [];
const cells = queue.values();
await Promise.all(Array.from({ length: atOnce }, work));
if (wanted.length === 0) await write();
process.exitCode = shown.every(({ isRight }) => isRight) ? 0 : 1;

async function work(): Promise<void> {
  for (const cell of cells) {
    const again = ['--restarts', String(cell.restartsNeeded)];
    const run = await runDemo('--break', cell.name, ...parameters[cell.kind], ...again);
    const { fails, consequences } = failing(run.verdict);
    await run.clear();
    const isRight = [...cell.expected.fails].sort().join(' ') === fails.join(' ');
    shown.push({ ...cell, fails, consequences, isRight });
    const words = isRight ? 'as expected' : `EXPECTED ${cell.expected.fails.join(', ') || 'nothing'}`;
    process.stderr.write(`${cell.name}, ${cell.kind}: ${fails.join(', ') || 'nothing fails'}: ${words}\n`);
  }
}

async function write(): Promise<void> {
  const rows = entries.map(([name, variant]) => rowOf(name, variant));
  const made = [
    '# The gallery of broken services',
    'The [reference service](../reference/README.md), each time with one part that is wrong, and the checks that failed when it was restarted under load: with SIGTERM, with SIGKILL, or (behind its balancer) replica by replica. Nothing else may fail; what follows from a finding is listed below it in the report, and not here. `npm start -- --break NAME` shows one; `npm run gallery` runs all of them, writes this page, and fails where a cell is not what the [manifest](../reference/src/broken/manifest.ts) says.',
    [
      '| variant | what is wrong | numbers | SIGTERM | SIGKILL | rolling |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
    `Made on ${new Date().toISOString().slice(0, 10)} by ${shown.length} runs.`,
  ].join('\n\n');
  const config = await prettier.resolveConfig(page);
  await writeFile(page, await prettier.format(made, { ...config, parser: 'markdown' }));
}

function rowOf(name: string, { title, modes }: Variant): string {
  const cell = (kind: Cell['kind']) => {
    const found = shown.find((one) => one.name === name && one.kind === kind);
    if (!found) return '';
    const wrong = found.isRight ? '' : '**wrong:** ';
    return `${wrong}${found.fails.map((id) => `[${id}](checks/${id}.md)`).join(', ') || 'nothing: it cannot be shown so'}`;
  };
  return `| \`${name}\` | ${title} | ${modes.join(', ')} | ${cell('SIGTERM')} | ${cell('SIGKILL')} | ${cell('rolling')} |`;
}
