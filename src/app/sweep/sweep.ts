import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { OutlastError } from '../../base/errors.js';
import { freshId, seeded } from '../../base/random.js';
import type { Event } from '../../history/events.js';
import { merge, momentsOf, sweepTable, type LabelledRestart, type Outcomes } from '../../judge/index.js';
import { sweepJson } from '../../report/index.js';
import { atomicWrite, startGuardian } from '../../system/index.js';
import { files, makeSweepFolder } from '../folder.js';
import { judgeRestarts } from '../judge.js';
import type { RunResult, SweepOptions } from '../port.js';
import { knowingSecrets, runOn, type Ground } from '../run.js';
import { adapted, configOf } from './adapt.js';
import { keepTarget, type KeptTarget } from './kept.js';
import { planBatch, struckBy, type PlannedRestart, type Struck } from './plan.js';
import type { Sweep, SweepBatch } from './port.js';

/**
 * How many restarts share a history, its users and its quiet window: as many as a run can have. Even, so that every batch begins
 * with the same kind.
 */
const batchSize = 100;

/** What all batches of a sweep share. */
interface Means {
  readonly options: SweepOptions;
  readonly struck: Struck;
  readonly ground: Ground;
  readonly kept: KeptTarget;
  readonly folder: string;
}

/**
 * Restarts a target that is kept up, again and again, batch by batch, and tells of each. Throws `USAGE` for a config that does not
 * restart anything, and what a run throws before anything is touched.
 */
export async function sweep(options: SweepOptions): Promise<Sweep> {
  const struck = struckBy(options.config.disruption);
  await using guardian = startGuardian();
  const seed = options.seed ?? freshId();
  const folder = await makeSweepFolder(options.out, freshId(), new Date());
  const notes: string[] = [];
  await using kept = keepTarget((text) => notes.push(text));
  const means = { options, struck, kept, folder, ground: { redactor: knowingSecrets(), guardian } };
  const begun = performance.now();
  try {
    const batches = await playAll(means, seed);
    const tookMs = performance.now() - begun;
    await kept.drop();
    const summed = sumUp(batches, { seed, asked: options.runs, tookMs, folder, notes });
    await atomicWrite(path.join(folder, files.sweep), sweepJson(summed));
    return summed;
  } finally {
    // Where nothing was done, nothing is left; what is in it stays.
    await rmdir(folder).catch(() => undefined);
  }
}

async function playAll(means: Means, seed: string): Promise<readonly SweepBatch[]> {
  const { options } = means;
  const batches: SweepBatch[] = [];
  let [left, own] = [options.runs, seed];
  while (left > 0) {
    const batch = await play(means, {
      number: batches.length + 1,
      seed: own,
      runs: Math.min(left, batchSize),
    });
    batches.push(batch);
    options.told?.(batch);
    if (options.signal.aborted || batch.outcome === 'skipped' || isTheEnd(batch)) break;
    left -= Math.max(1, batch.restarts.length);
    own = nextSeed(own);
  }
  return batches;
}

/** A target that did not come back from one restart is one failure, and is started anew; anything else would happen again. */
const isTheEnd = ({ failure }: SweepBatch) => failure !== undefined && !isOfTheTarget(failure);

const isOfTheTarget = ({ code }: OutlastError) => code === 'RESTART_FAILED' || code === 'TARGET_GONE';

/** The first batch has the seed of the sweep: whoever is given the seed of a later one repeats that one first. */
function nextSeed(seed: string): string {
  const random = seeded(seed).fork('next batch');
  return Array.from({ length: 8 }, () => random.below(36).toString(36)).join('');
}

interface Asked {
  /** From 1. */
  readonly number: number;
  readonly seed: string;
  readonly runs: number;
}

async function play(means: Means, asked: Asked): Promise<SweepBatch> {
  const { options, struck, kept, ground } = means;
  const planned = planBatch(asked.runs, options.kinds, struck, seeded(asked.seed).fork('moments'));
  const begun = performance.now();
  const seen: Seen = { events: [], outcomes: new Map() };
  const result = await runOn(runOptions(means, asked, planned), {
    ...ground,
    judge: judgedInto(seen),
    adapt: (setup) => adapted(setup, planned, kept),
  });
  // Whatever ended a batch early may have left the target as it should not be.
  if (result.failure) await kept.drop();
  const restarts = labelled(result, seen);
  const { failure, verdict } = result;
  const { outcome, reason } = verdict;
  const tookMs = performance.now() - begun;
  const said = { ...(reason !== undefined && { reason }), ...(failure && { failure }) };
  return { ...asked, outcome, restarts, tookMs, ...said, ...(await keep(result)) };
}

function runOptions({ options, kept, folder }: Means, asked: Asked, planned: readonly PlannedRestart[]) {
  const { onEmergency, told: _, ...same } = options;
  const out = path.join(folder, `batch-${String(asked.number).padStart(3, '0')}`);
  return {
    ...{ ...same, seed: asked.seed, out, config: configOf(options.config, planned) },
    ...(onEmergency && {
      onEmergency: (own: () => void) =>
        onEmergency(() => {
          own();
          kept.emergency();
        }),
    }),
  };
}

/** What one reading of a history shows besides its verdict. */
interface Seen {
  readonly events: Event[];
  outcomes: Outcomes;
}

const judgedInto =
  (seen: Seen): NonNullable<Ground['judge']> =>
  async (file, only) => {
    const judged = await judgeRestarts(file, only, (event) => seen.events.push(event));
    seen.outcomes = judged.outcomes;
    return judged.verdict;
  };

/** The restarts of a batch that can be counted. One that was broken off shows what it lost, and clears nothing. */
function labelled({ verdict, failure }: RunResult, { events, outcomes }: Seen): readonly LabelledRestart[] {
  const isBrokenOff = failure !== undefined && !isOfTheTarget(failure);
  if (verdict.outcome === 'skipped' || (isBrokenOff && verdict.outcome !== 'fail')) return [];
  const all = momentsOf(events).map((moment): LabelledRestart => {
    return { ...moment, outcome: outcomes.get(moment.disruption) ?? 'unknown' };
  });
  if (isBrokenOff) return all.filter(({ outcome }) => outcome === 'fail');
  return failure === undefined
    ? all
    : all.map((one, index) => (index === all.length - 1 ? { ...one, outcome: 'fail' } : one));
}

/** What passed is taken away; what failed, or is not known, is kept as a run of its own. */
async function keep({ verdict, failure, folder }: RunResult): Promise<{ readonly folder: string | null }> {
  if (verdict.outcome === 'fail' || (verdict.outcome === 'unknown' && failure?.code !== 'INTERRUPTED'))
    return { folder };
  await rm(folder, { recursive: true, force: true });
  return { folder: null };
}

function sumUp(
  batches: readonly SweepBatch[],
  about: Pick<Sweep, 'seed' | 'asked' | 'tookMs' | 'folder' | 'notes'>,
): Sweep {
  const restarts = batches.flatMap((batch) => batch.restarts);
  const failure = batches.at(-1)?.failure;
  return {
    ...about,
    outcome: outcomeOf(batches, restarts),
    restarts: restarts.length,
    rows: sweepTable(restarts),
    batches,
    ...(failure && { failure }),
  };
}

/** A batch that was broken off and shows nothing does not count; where nothing is left, nothing is known. */
function outcomeOf(batches: readonly SweepBatch[], restarts: readonly LabelledRestart[]): Sweep['outcome'] {
  const [first] = batches;
  if (first?.outcome === 'skipped') return 'skipped';
  if (batches.some(({ outcome }) => outcome === 'fail')) return 'fail';
  return merge(restarts.map(({ outcome }) => outcome));
}
