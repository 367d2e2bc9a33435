import path from 'node:path';
import type { RunResult } from '../app/port.js';
import { annotation, json, junit, terminal } from '../report/index.js';
import type { Reporter, ShowFlags } from './flags.js';
import { lookOf } from './look.js';
import type { Output, World } from './world.js';

/**
 * Prints a verdict. Standard output belongs to the first format for machines that was asked for, so that `--json | jq` works; the
 * report for people then goes to standard error. All formats lie in the run directory as well. `remarks` follow the report.
 */
export function show(
  result: RunResult,
  flags: ShowFlags,
  world: World,
  remarks: readonly string[] = [],
): void {
  const wanted: readonly Reporter[] = flags.json ? ['json'] : flags.reporter;
  const machine = wanted.find((name) => name !== 'terminal');
  if (wanted.includes('terminal')) {
    const output = machine === undefined ? world.stdout : world.stderr;
    output.write(`\n${forPeople(result, output, world)}${remarks.map((line) => `\n  ${line}`).join('')}\n`);
  }
  if (machine !== undefined)
    world.stdout.write(machine === 'json' ? json(result.verdict) : junit(result.verdict));
  if (world.environment['GITHUB_ACTIONS'] === 'true') annotate(result, world);
}

/** A verdict in a format for machines. */
export function printed(format: Exclude<Reporter, 'terminal'>, { verdict }: RunResult): string {
  return format === 'json' ? json(verdict) : junit(verdict);
}

/** A verdict as the terminal report shows it. */
export function forPeople({ verdict, folder, files }: RunResult, output: Output, world: World): string {
  return terminal(verdict, { ...lookOf(output, world), folder: fromHere(folder), files });
}

/** A path as one would type it: relative where it lies below the working directory. */
function fromHere(folder: string): string {
  const relative = path.relative(process.cwd(), folder);
  return relative === '' || relative.startsWith('..') ? folder : relative;
}

function annotate({ verdict }: RunResult, { stderr }: World): void {
  const line = annotation(verdict);
  if (line !== null) stderr.write(`${line}\n`);
}
