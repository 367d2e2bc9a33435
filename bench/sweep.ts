import path from 'node:path';
import type { SweepReport } from '../build/report/index.js';
import { atLeast, type Benchmark, type Line, type Options } from './support/benchmark.js';
import { command, ended, leftIn } from './support/command.js';
import { Folder } from './support/folder.js';
import { startAgain, startReference, type Stage } from './support/stage.js';
import { median } from './support/statistics.js';
import { seconds } from './support/table.js';

/** Before the sweep and after it as many each. */
const bareStarts = 10;

/**
 * How many restarts a second a sweep of the reference service shows: the command itself, `outlast sweep --demo` with its 50 sessions, with
 * all that its batches share (the start, the sign-ins, the steady chat, the quiet window and the audit). Before and after it the
 * same backend is started bare, with nobody connected: from the spawn until it is ready, again and again. That much of each
 * restart is the service's own.
 *
 * Aim: at least one restart a second.
 */
export const sweep: Benchmark = {
  name: 'sweep',
  measures: 'restarts of the reference service in a sweep, against bare starts of the same backend',
  onlyByName: true,
  run,
};

async function run({ runs, progress }: Options): Promise<readonly Line[]> {
  await using stage = await startReference();
  const bare = await starts(stage);
  progress(`sweeping ${runs} restarts`);
  const swept = await runSweep(runs);
  bare.push(...(await starts(stage)));
  const each = swept.tookMs / swept.restarts;
  const perSecond = 1_000 / each;
  return [
    {
      what: 'restarts a second',
      measured: perSecond.toFixed(2),
      against: `${(1_000 / median(bare)).toFixed(2)} bare starts`,
      ratio: (perSecond * median(bare)) / 1_000,
      aim: atLeast(perSecond, 1, ' a second'),
    },
    { what: 'a restart', measured: seconds(each), against: `${seconds(median(bare))} bare start (median)` },
    { what: 'outcome', measured: `${swept.outcome}, ${swept.restarts} restarts` },
  ];
}

async function starts(stage: Stage): Promise<number[]> {
  const took: number[] = [];
  while (took.length < bareStarts) took.push(await startAgain(stage));
  return took;
}

async function runSweep(runs: number): Promise<SweepReport> {
  await using folder = new Folder();
  const out = path.join(folder.path, 'sweep');
  const args = [command, 'sweep', '--demo', '--runs', String(runs), '--quiet', '--out', out];
  return leftIn<SweepReport>(path.join(out, 'sweep.json'), await ended(args));
}
