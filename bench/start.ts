import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { atMost, type Benchmark, type Line, type Options } from './support/benchmark.js';
import { command } from './support/command.js';
import { Folder } from './support/folder.js';
import { writeHistory } from './support/history.js';
import { median } from './support/statistics.js';
import { milliseconds } from './support/table.js';

/** Commands are so short that a median needs more of them than of anything else here. */
const perRound = 5;
const messages = 200;

/**
 * How long one waits for the first line of a command that does little: from the spawn until a line has come. Beside each of them
 * node itself, which prints an empty line. All are run in turns.
 *
 * Aim: 150 ms to the first line.
 */
export const start: Benchmark = {
  name: 'start',
  measures: 'the first line of commands that do little, against node that prints an empty line',
  run,
};

async function run({ rounds, progress }: Options): Promise<readonly Line[]> {
  await using folder = new Folder();
  const history = path.join(folder.path, 'history.ndjson');
  const events = await writeHistory(history, { messages });
  const commands: Readonly<Record<string, readonly string[]>> = {
    '--help': ['--help'],
    'explain CHECK': ['explain', 'messages-lost'],
    [`judge, ${events} events`]: ['judge', history],
  };
  const bare: number[] = [];
  const ours = new Map<string, number[]>();
  for (let turn = 0; turn < rounds * perRound; turn++) {
    if (turn % perRound === 0) progress(`round ${turn / perRound + 1} of ${rounds}`);
    bare.push(await firstLine(['-e', 'console.log()']));
    for (const [name, args] of Object.entries(commands)) {
      ours.set(name, [...(ours.get(name) ?? []), await firstLine([command, ...args])]);
    }
  }
  return [...ours].map(([name, times]) => comparison(name, median(times), median(bare)));
}

const comparison = (what: string, ours: number, bare: number): Line => ({
  what,
  measured: milliseconds(ours),
  against: `${milliseconds(bare)} node`,
  ratio: ours / bare,
  aim: atMost(ours, 150, ' ms'),
});

/** From the spawn of node until its first line has come, in ms. Rejects when it ends without one. */
async function firstLine(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let ms: number | null = null;
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.includes('\n')) ms ??= performance.now() - began;
  });
  const [code] = await ended;
  if (ms === null)
    throw new Error(`expected a line of node ${args.join(' ')}; it ended with ${String(code)}`);
  return ms;
}
