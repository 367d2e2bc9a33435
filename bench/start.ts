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
 * How long one waits for the first line of a command that does little: from the spawn until a line has come, of what it says or of what
 * it does (`outlast: judging …`, on standard error). Beside each of them node itself, which prints an empty line. All are run in turns.
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
  const bare: Times[] = [];
  const ours = new Map<string, Times[]>();
  for (let turn = 0; turn < rounds * perRound; turn++) {
    if (turn % perRound === 0) progress(`round ${turn / perRound + 1} of ${rounds}`);
    bare.push(await linesOf(['-e', 'console.log()']));
    for (const [name, args] of Object.entries(commands)) {
      ours.set(name, [...(ours.get(name) ?? []), await linesOf([command, ...args])]);
    }
  }
  const node = median(bare.map(({ first }) => first));
  return [...ours].flatMap(([name, times]) => {
    const [first, result] = [median(times.map((one) => one.first)), median(times.map((one) => one.result))];
    const { aim: _, ...later } = comparison(`  until its verdict`, result, node);
    return [comparison(name, first, node), ...(name.startsWith('judge') ? [later] : [])];
  });
}

const comparison = (what: string, ours: number, bare: number): Line => ({
  what,
  measured: milliseconds(ours),
  against: `${milliseconds(bare)} node`,
  ratio: ours / bare,
  aim: atMost(ours, 150, ' ms'),
});

/** From the spawn of node, in ms. */
interface Times {
  /** Until a line has come: a result, or on standard error what is being done. */
  readonly first: number;
  /** Until a line of the result has. */
  readonly result: number;
}

/** Rejects when it ends without a line of a result. */
async function linesOf(args: readonly string[]): Promise<Times> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let [first, result, said] = [Infinity, Infinity, ''];
  const came = (chunk: Buffer) => {
    if (chunk.includes('\n')) first = Math.min(first, performance.now() - began);
  };
  child.stderr.on('data', (chunk: Buffer) => (came(chunk), (said += chunk.toString())));
  child.stdout.on('data', (chunk: Buffer) => {
    came(chunk);
    if (chunk.includes('\n')) result = Math.min(result, performance.now() - began);
  });
  const [code] = await ended;
  if (result === Infinity)
    throw new Error(`expected a line of node ${args.join(' ')}; it ended with ${String(code)}: ${said}`);
  return { first, result };
}
