import { parseArgs, type ParseArgsConfig } from 'node:util';
import { contenderNames, type ContenderName } from './contenders/index.js';
import type { Benchmark, Options } from './support/benchmark.js';
import { machine } from './support/machine.js';
import { table } from './support/table.js';
import { clients } from './clients.js';
import { demo } from './demo.js';
import { idle } from './idle.js';
import { judge } from './judge.js';
import { messages } from './messages.js';
import { reference } from './reference.js';
import { soak } from './soak.js';
import { start } from './start.js';
import { sweep } from './sweep.js';

const benchmarks: readonly Benchmark[] = [
  demo,
  idle,
  clients,
  messages,
  reference,
  judge,
  start,
  sweep,
  soak,
];

const usage = `Usage: npm run bench -- [${benchmarks.map(({ name }) => name).join('|')}]… [--restarts N] [--rounds N] [--events N] [--only ${contenderNames.join('|')}]… [--runs N] [--seed TEXT]`;

const flags = {
  restarts: { type: 'string', default: '20' },
  rounds: { type: 'string', default: '5' },
  runs: { type: 'string', default: '100' },
  events: { type: 'string', default: '1000000' },
  seed: { type: 'string' },
  only: { type: 'string', multiple: true, default: [...contenderNames] },
} satisfies NonNullable<ParseArgsConfig['options']>;

process.exitCode = await main();

/** Aims that are missed are said, and change no exit code: what is measured depends on the machine. */
async function main(): Promise<number> {
  const asked = read();
  if (typeof asked === 'string') {
    console.error(`${asked}\n${usage}`);
    return 2;
  }
  console.log(`${machine()}\n`);
  for (const benchmark of asked.chosen) {
    const lines = await benchmark.run(asked.options);
    console.log(table(benchmark, lines));
  }
  return 0;
}

/** What the command line asks for, or what is wrong with it. */
function read(): { readonly chosen: readonly Benchmark[]; readonly options: Options } | string {
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options: flags });
    const unknown = positionals.find((name) => !benchmarks.some((one) => one.name === name));
    if (unknown !== undefined) return `expected the name of a benchmark, got '${unknown}'`;
    const chosen = benchmarks.filter(({ name, onlyByName }) =>
      positionals.length === 0 ? !onlyByName : positionals.includes(name),
    );
    const { only, restarts, rounds, runs, events, seed } = values;
    const counts = {
      ...{ restarts: count(restarts), rounds: count(rounds) },
      ...{ runs: count(runs), events: count(events) },
    };
    return {
      chosen,
      options: { ...counts, ...(seed !== undefined && { seed }), clients: only.map(client), progress },
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function count(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new RangeError(`expected a whole number from 1, got '${text}'`);
}

function client(name: string): ContenderName {
  const found = contenderNames.find((one) => one === name);
  if (found !== undefined) return found;
  throw new RangeError(`expected one of ${contenderNames.join(', ')}, got '${name}'`);
}

/** To standard error, so that standard output holds the tables alone. */
function progress(text: string): void {
  console.error(`  … ${text}`);
}
