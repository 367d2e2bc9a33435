import path from 'node:path';
import type { Benchmark, Line, Options } from './support/benchmark.js';
import { Folder } from './support/folder.js';
import { writeHistory } from './support/history.js';
import { inTurns, median } from './support/statistics.js';
import { perSecond } from './support/table.js';
import { measureIn } from './support/worker.js';
import type { Read, Reading } from './workers/reader.js';

const messages = 40_000;

/**
 * How many events a second are judged from a file, with the whole catalogue of checks, against reading the same file, cutting
 * it into lines and JSON.parse alone. The history is made for it: 50 sessions in rooms of 5, 40,000 messages, one restart,
 * cold reads of all that is stored, nothing wrong. A fresh process for each side and round; loading the code does not count.
 *
 * No aim was set.
 */
export const judge: Benchmark = {
  name: 'judge',
  measures: 'judging a history from its file, against reading and JSON.parse alone',
  run,
};

async function run({ rounds, progress }: Options): Promise<readonly Line[]> {
  await using folder = new Folder();
  const file = path.join(folder.path, 'history.ndjson');
  const events = await writeHistory(file, { messages });
  progress(`judging ${events} events`);
  const read = (side: Reading['side']) => () => measureIn<Read>('reader', { side, file } satisfies Reading);
  const { ours, bare } = await inTurns(rounds, read('ours'), read('bare'));
  expectNothingWrong(ours);
  return [comparison(events, median(ours.map(({ ms }) => ms)), median(bare.map(({ ms }) => ms)))];
}

const comparison = (events: number, ours: number, bare: number): Line => ({
  what: 'events a second',
  measured: perSecond((events * 1_000) / ours),
  against: `${perSecond((events * 1_000) / bare)} JSON.parse`,
  ratio: bare / ours,
});

/** A history that fails would measure how evidence is gathered, not how a run is judged. */
function expectNothingWrong(reads: readonly Read[]): void {
  const failed = new Set(reads.flatMap((read) => read.failed));
  if (failed.size > 0)
    throw new Error(`expected nothing to fail in a history that is whole; ${[...failed].join(', ')} did`);
}
