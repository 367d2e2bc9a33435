import path from 'node:path';
import type { Reconnect } from '../build/judge/derived/timings.js';
import type { Verdict } from '../build/judge/index.js';
import { atMost, lessThan, type Benchmark, type Line, type Options } from './support/benchmark.js';
import { command, ended, leftIn } from './support/command.js';
import { Folder } from './support/folder.js';
import { workIn, type Work } from './support/profile.js';
import { slowestReconnect } from './support/slowest.js';
import { startAgain, startReference } from './support/stage.js';
import { median } from './support/statistics.js';
import { seconds } from './support/table.js';

/**
 * How long the demo takes, and what its restart costs. The command itself, `outlast demo` with its 50 sessions, run after run
 * after one that warms the caches, timed from its start to its exit, when the verdict is written and everything is stopped. Each
 * run is one restart of the backend under load; between the runs the same backend process is started bare, with nobody
 * connected, on a database and an auth that are up: from the spawn until it is ready, seen by the same look at the door.
 *
 * Aims: less than 8 s with the quiet window (2 s); the restart's median less than 0.5 s; the median of each run's slowest
 * reconnect less than 1 s. Our own waiting in that session's back-off is a line of its own.
 */
export const demo: Benchmark = {
  name: 'demo',
  measures: 'the demo with 50 sessions, and its restart against a bare start of the same backend',
  run,
};

interface Run {
  readonly ms: number;
  readonly verdict: Verdict;
  readonly slowest: Reconnect;
  /** Of the command itself, without the processes of the service; and of judging in it. */
  readonly work: Work;
}

async function run({ restarts, progress }: Options): Promise<readonly Line[]> {
  await using stage = await startReference();
  progress('warming up');
  await runDemo();
  const runs: Run[] = [];
  const bare: number[] = [];
  while (runs.length < restarts) {
    const last = await runDemo();
    runs.push(last);
    bare.push(await startAgain(stage));
    progress(`run ${runs.length} of ${restarts}: ${seconds(last.ms)}, ${last.verdict.outcome}`);
  }
  return [total(runs), ...restart(runs, bare), ...reconnect(runs), judging(runs), outcomes(runs)];
}

async function runDemo(): Promise<Run> {
  await using folder = new Folder();
  const out = path.join(folder.path, 'run');
  const began = performance.now();
  const args = [...profiling(folder.path), command, 'demo', '--quiet', '--json', '--out', out];
  const code = await ended(args);
  const ms = performance.now() - began;
  const verdict = await leftIn<Verdict>(path.join(out, 'verdict.json'), code);
  const slowest = await slowestReconnect(path.join(out, 'history.ndjson'));
  return { ms, verdict, slowest, work: await workIn(path.join(folder.path, profile), isOfJudging) };
}

const profile = 'command.cpuprofile';

function profiling(folder: string): readonly string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${profile}`];
}

/** Reading the history again is a part of it. */
function isOfJudging(module: string): boolean {
  return /^src\/(judge\/|app\/(judge|reading)\.ts|history\/decoder\.ts)/.test(module);
}

function total(runs: readonly Run[]): Line {
  const ms = median(runs.map((one) => one.ms));
  const worst = Math.max(...runs.map((one) => one.ms));
  return {
    what: 'demo, start to verdict (median)',
    measured: seconds(ms),
    against: `${seconds(worst)} the slowest of ${runs.length}`,
    aim: lessThan(ms / 1_000, 8, ' s'),
  };
}

function restart(runs: readonly Run[], bare: readonly number[]): Line[] {
  const ms = median(runs.map(({ verdict }) => verdict.disruptions[0]?.restartMs ?? Infinity));
  const start = median(bare);
  return [
    {
      what: 'restart, signal to ready (median)',
      measured: seconds(ms),
      against: `${seconds(start)} bare start`,
      ratio: ms / start,
      aim: lessThan(ms / 1_000, 0.5, ' s'),
    },
  ];
}

function reconnect(runs: readonly Run[]): Line[] {
  const medianOf = (part: (slowest: Reconnect) => number) => median(runs.map(({ slowest }) => part(slowest)));
  const whole = medianOf(({ timing }) => timing.ms);
  return [
    {
      what: 'slowest reconnect (median of runs)',
      measured: seconds(whole),
      aim: lessThan(whole / 1_000, 1, ' s'),
    },
    { what: '  the backend was not ready', measured: seconds(medianOf(({ split }) => split.down)) },
    { what: '  our own waiting (back-off)', measured: seconds(medianOf(({ split }) => split.waiting)) },
    {
      what: '  handshake and joining',
      measured: seconds(medianOf(({ split }) => split.handshake + split.joined)),
    },
  ];
}

function judging(runs: readonly Run[]): Line {
  const judged = median(runs.map(({ work }) => work.withinMs));
  const whole = median(runs.map(({ work }) => work.ms));
  return {
    what: 'work of judging (median)',
    measured: seconds(judged),
    against: `${seconds(whole)} of the whole command`,
    ratio: judged / whole,
    aim: atMost(judged / whole, 0.05, ' ×'),
  };
}

function outcomes(runs: readonly Run[]): Line {
  const passed = runs.filter(({ verdict }) => verdict.outcome === 'pass').length;
  return { what: 'runs that passed', measured: `${passed} of ${runs.length}` };
}
