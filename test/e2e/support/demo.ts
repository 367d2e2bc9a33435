import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import type { Verdict } from '../../../src/judge/verdict.js';

const main = path.resolve(import.meta.dirname, '../../../dist/cli/main.js');

export interface DemoRun {
  readonly exitCode: number | null;
  readonly verdict: Verdict;
  readonly stderr: string;
  /** The run directory; removed with `clear`. */
  readonly folder: string;
  clear(): Promise<void>;
}

/** Runs `outlast demo` as a user would, to its end. */
export async function runDemo(...args: string[]): Promise<DemoRun> {
  const parent = await mkdtemp(path.join(tmpdir(), 'demo-test-'));
  const folder = path.join(parent, 'run');
  const ended = await outlast('demo', ...args, '--json', '--out', folder);
  return {
    exitCode: ended.exitCode,
    verdict: parse(ended),
    stderr: ended.stderr,
    folder,
    clear: () => rm(parent, { recursive: true, force: true }),
  };
}

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command of Outlast, to its end. */
export const outlast = (...args: string[]): Promise<Ended> => outlastIn({}, ...args);

/** The same, in another folder, or with more in its environment. */
export async function outlastIn(
  where: { readonly cwd?: string; readonly environment?: Readonly<Record<string, string>> },
  ...args: string[]
): Promise<Ended> {
  const { cwd, environment } = where;
  const child = spawn(process.execPath, [main, ...args], {
    ...{ cwd, env: { ...process.env, ...environment } },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}

function parse({ stdout, stderr, exitCode }: Ended): Verdict {
  try {
    return JSON.parse(stdout) as Verdict;
  } catch {
    throw new Error(
      `expected a verdict on standard output (exit code ${exitCode}); standard error said:\n${stderr}`,
    );
  }
}

/** The checks that did not pass, by id; `consequences`, failed or unknown, are those that another finding explains. */
export function failing(verdict: Verdict): {
  readonly fails: string[];
  readonly consequences: string[];
  readonly unknown: string[];
} {
  const checks = verdict.tests.flatMap((test) => test.checks);
  const of = (keep: (check: (typeof checks)[number]) => boolean) =>
    checks
      .filter(keep)
      .map(({ id }) => id)
      .sort();
  return {
    fails: of(({ outcome, consequenceOf }) => outcome === 'fail' && consequenceOf === undefined),
    consequences: of(({ consequenceOf }) => consequenceOf !== undefined),
    unknown: of(({ outcome, consequenceOf }) => outcome === 'unknown' && consequenceOf === undefined),
  };
}
