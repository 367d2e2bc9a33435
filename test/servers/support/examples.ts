import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Case } from '../../../examples/case.js';
import type { Verdict } from '../../../src/judge/verdict.js';

const repository = path.resolve(import.meta.dirname, '../../..');
const main = path.join(repository, 'dist/cli/main.js');

export interface Example {
  readonly name: string;
  readonly folder: string;
  readonly cases: readonly Case[];
}

/** The examples that say in `cases.ts` what is expected of them. */
export async function examples(): Promise<readonly Example[]> {
  const parent = path.join(repository, 'examples');
  const found: Example[] = [];
  for (const name of (await readdir(parent)).sort()) {
    const folder = path.join(parent, name);
    const file = path.join(folder, 'cases.ts');
    if (!(await stat(file).catch(() => null))) continue;
    const { cases } = (await import(pathToFileURL(file).href)) as { cases: readonly Case[] };
    found.push({ name, folder, cases });
  }
  return found;
}

export interface Measured {
  readonly verdict: Verdict;
  readonly exitCode: number | null;
  /** All that it printed, for whoever wonders. */
  readonly story: string;
}

/** Runs a case as its README says: `npx outlast run --config …` in the example's folder. */
export async function measure(
  example: Example,
  { config, beside, environment = {} }: Case,
): Promise<Measured> {
  const parent = await mkdtemp(path.join(tmpdir(), `${example.name}-`));
  const out = path.join(parent, 'run');
  const other = beside && (await startBeside(example, beside));
  try {
    const child = spawn(process.execPath, [main, 'run', '--config', config, '--out', out], {
      cwd: example.folder,
      env: { ...process.env, ...environment, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let story = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        story += chunk.toString();
        other?.stdin.write(chunk);
      });
    }
    const [exitCode] = (await once(child, 'close')) as [number | null];
    const text = await readFile(path.join(out, 'verdict.json'), 'utf8').catch(() => {
      throw new Error(`expected a verdict (exit code ${exitCode}); it said:\n${story}`);
    });
    return { verdict: JSON.parse(text) as Verdict, exitCode, story };
  } finally {
    other?.stdin.end();
    if (other?.exitCode === null) await once(other, 'close');
    await rm(parent, { recursive: true, force: true });
  }
}

/** Resolves when it is ready. */
async function startBeside({ folder }: Example, [program, ...parameters]: readonly [string, ...string[]]) {
  const child = spawn(program, parameters, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.includes('ready')) child.emit('ready');
  });
  await Promise.race([once(child, 'ready'), once(child, 'exit')]);
  if (!said.includes('ready')) throw new Error(`expected ${program} to get ready; it ended`);
  return child;
}
