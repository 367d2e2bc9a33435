import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../build/base/errors.js';
import { printable } from '../build/base/printable.js';
import { freshId } from '../build/base/random.js';
import { atMostShare } from '../build/judge/index.js';
import type { Benchmark, Line, Options } from './support/benchmark.js';
import { nextSeed, scenarioOf, type Scenario } from './support/scenario.js';
import { median } from './support/statistics.js';
import { seconds } from './support/table.js';
import { Worker } from './support/worker.js';
import type { Played, Playing } from './workers/demo-run.js';

/**
 * How often the verdict on a service that does it right is not `pass`. The demo runs again and again, one run at a time and each in
 * a fresh process: another disruption, other sessions, rooms, rates and texts each time, all drawn from the seed of the run. Whatever is
 * not a pass is a false alarm, `unknown` too; its run directory is kept. SIGINT ends it after the run that is under way was healed,
 * with the table of what there is.
 *
 * Aim: no false alarm.
 */
export const soak: Benchmark = {
  name: 'soak',
  measures: 'the demo with random disruptions, sessions, rooms and rates: how many verdicts are not pass',
  onlyByName: true,
  run,
};

interface Run extends Played {
  readonly scenario: Scenario;
  readonly folder: string;
  readonly ms: number;
}

/** Whatever holds a run up, it is ended after that, and is an alarm. */
const longestMs = 180_000;

async function run(options: Options): Promise<readonly Line[]> {
  const first = options.seed ?? freshId();
  const folder = path.join('outlast-runs', `soak-${stamp()}-${first}`);
  using listening = listen();
  try {
    return linesOf(await playAll({ first, folder, signal: listening.signal }, options));
  } finally {
    // Where no alarm is kept, nothing is left.
    await rmdir(folder).catch(() => undefined);
  }
}

/** A terminal and npm both pass on one Ctrl-C: what comes so soon after the first is the same. */
const echoMs = 300;

/** Aborts on the first SIGINT. A second one ends this process, and what it has started ends with it. */
function listen(): Disposable & { readonly signal: AbortSignal } {
  const interrupted = new AbortController();
  let first = Infinity;
  const hear = () => {
    if (performance.now() - first > echoMs) process.exit(130);
    first = Math.min(first, performance.now());
    interrupted.abort();
  };
  process.on('SIGINT', hear);
  return { signal: interrupted.signal, [Symbol.dispose]: () => void process.off('SIGINT', hear) };
}

interface Course {
  /** The seed of the first run. */
  readonly first: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function playAll({ first, folder, signal }: Course, { runs: asked, progress }: Options) {
  const runs: Run[] = [];
  for (let seed = first; runs.length < asked && !signal.aborted; seed = nextSeed(seed)) {
    const number = String(runs.length + 1);
    const scenario = scenarioOf(seed);
    const last = await play(scenario, path.join(folder, `run-${number.padStart(3, '0')}`), signal);
    if (isBrokenOff(last, signal)) break;
    runs.push(last);
    progress(`run ${number} of ${asked}: ${toldOf(last)}`);
    if (isAlarm(last)) progress(`  ALARM, kept in ${last.folder}; again: ${commandOf(last)}`);
  }
  return runs;
}

async function play(scenario: Scenario, folder: string, signal: AbortSignal): Promise<Run> {
  const began = performance.now();
  await using worker = Worker.start('demo-run', { scenario, folder } satisfies Playing);
  const interrupt = () => worker.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  const overdue = setTimeout(interrupt, longestMs);
  try {
    const played = await worker.report<Played>().catch(silent);
    if (!isAlarm(played) || isBrokenOff(played, signal)) await rm(folder, { recursive: true, force: true });
    return { ...played, scenario, folder, ms: performance.now() - began };
  } finally {
    clearTimeout(overdue);
    signal.removeEventListener('abort', interrupt);
  }
}

/** A run that ends without a word: nothing is known. */
const silent = (error: unknown): Played => ({
  ...{ outcome: 'unknown', because: [messageOf(error)], restarts: 0, isInterrupted: false },
});

/** On request, and it shows nothing. */
const isBrokenOff = ({ isInterrupted, outcome }: Played, signal: AbortSignal) =>
  isInterrupted && signal.aborted && outcome !== 'fail';

const isAlarm = ({ outcome }: Played) => outcome !== 'pass';

const commandOf = ({ scenario }: Run) => `npm run bench -- soak --runs 1 --seed ${scenario.seed}`;

function toldOf({ outcome, because, ms, scenario }: Run): string {
  const { kind, restarts, sessions, roomSize, messagesPerSecond, seed } = scenario;
  const said = because.length === 0 ? outcome : `${outcome} (${because.join(', ')})`;
  const struck = restarts === 1 ? kind : `${restarts} × ${inWords(scenario)}`;
  return `${said} in ${seconds(ms)}: ${struck}; ${sessions} sessions in rooms of ${roomSize}, ${messagesPerSecond} messages/s; seed ${seed}`;
}

const inWords = ({ crash, both }: Scenario) =>
  `a ${crash ? 'crash' : 'graceful restart'} of ${both ? 'auth and backend' : 'the backend'}`;

function linesOf(runs: readonly Run[]): readonly Line[] {
  if (runs.length === 0) return [{ what: 'runs', measured: 'none came to its end' }];
  const alarms = runs.filter(isAlarm);
  const kinds = [...new Set(runs.map(({ scenario }) => scenario.kind))].sort();
  const times = runs.map(({ ms }) => ms);
  const restarts = runs.reduce((sum, one) => sum + one.restarts, 0);
  return [
    ...(['pass', 'fail', 'unknown', 'skipped'] as const).map((outcome) => countOf(outcome, runs)),
    { ...bounded('false alarms', runs), aim: { words: 'none', met: alarms.length === 0 } },
    ...kinds.map((kind) =>
      bounded(
        `  ${kind}`,
        runs.filter(({ scenario }) => scenario.kind === kind),
      ),
    ),
    { what: 'disruptions', measured: String(restarts) },
    {
      what: 'a run (median)',
      measured: seconds(median(times)),
      against: `${seconds(Math.max(...times))} the slowest`,
    },
    ...alarms.map(alarmOf),
  ];
}

const countOf = (outcome: Played['outcome'], runs: readonly Run[]): Line => ({
  what: outcome,
  measured: `${runs.filter((one) => one.outcome === outcome).length} of ${runs.length}`,
});

/** With the upper bound of Clopper and Pearson. */
function bounded(what: string, runs: readonly Run[]): Line {
  const alarms = runs.filter(isAlarm).length;
  const share = Number((atMostShare(alarms, runs.length) * 100).toPrecision(3));
  return { what, measured: `${alarms} of ${runs.length}`, against: `at most ${share} % of such runs, 95 %` };
}

const alarmOf = (alarm: Run): Line => ({
  what: `ALARM, kept in ${alarm.folder}`,
  measured: printable(`${alarm.outcome}: ${alarm.because.join(', ')}`, 60),
  against: commandOf(alarm),
});

const stamp = () => new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
