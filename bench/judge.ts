import path from 'node:path';
import { atLeast, atMost, type Benchmark, type Line, type Options } from './support/benchmark.js';
import { Folder } from './support/folder.js';
import { writeHistory } from './support/history.js';
import { inTurns, median } from './support/statistics.js';
import { mebibytes, microseconds, perSecond } from './support/table.js';
import { measureIn } from './support/worker.js';
import type { Read, Reading } from './workers/reader.js';

/** Sent, written, acknowledged, received by most of a room, and read once at the end. */
const eventsOfMessage = 8;

/**
 * How many events a second are judged from a file, with the whole catalogue of checks, against reading the same file, cutting
 * it into lines and JSON.parse alone; and the most memory that the judging process had. The history is made for it: 50 sessions in
 * rooms of 5 that say 100 messages a second, one restart in the middle, cold reads of all that is stored, nothing wrong; and one
 * as long in which every message is lost, doubled, changed or out of order, and a tenth of the sessions never come back. A fresh
 * process for each side and round; loading the code does not count for the times, and counts for the memory.
 *
 * Aims, of 10 million events (`--events 10000000`): at most twice the time of parsing alone; at most 300 MiB where all is well, at
 * most 1 GiB where nothing is.
 */
export const judge: Benchmark = {
  name: 'judge',
  measures: 'judging a history from its file, against reading and JSON.parse alone',
  run,
};

async function run(options: Options): Promise<readonly Line[]> {
  const messages = Math.ceil(options.events / eventsOfMessage);
  return [...(await whole(messages, options)), await wrong(messages, options)];
}

async function whole(messages: number, { rounds, progress }: Options): Promise<readonly Line[]> {
  await using folder = new Folder();
  const file = path.join(folder.path, 'history.ndjson');
  const events = await writeHistory(file, { messages });
  progress(`judging ${events} events`);
  const read = (side: Reading['side']) => () => measureIn<Read>('reader', { side, file } satisfies Reading);
  const { ours, bare } = await inTurns(rounds, read('ours'), read('bare'));
  expectNothingWrong(ours);
  const of = (reads: readonly Read[], what: (read: Read) => number) => median(reads.map(what));
  const ms = (read: Read) => read.ms;
  const processor = (read: Read) => (read.processorMs * 1_000) / events;
  const peak = of(ours, ({ peakBytes }) => peakBytes);
  const ratio = of(bare, ms) / of(ours, ms);
  return [
    {
      what: 'events a second',
      measured: perSecond((events * 1_000) / of(ours, ms)),
      against: `${perSecond((events * 1_000) / of(bare, ms))} JSON.parse`,
      ratio,
      aim: atLeast(ratio, 0.5, ' ×'),
    },
    {
      what: 'processor time an event',
      measured: microseconds(of(ours, processor)),
      against: `${microseconds(of(bare, processor))} JSON.parse`,
      ratio: of(ours, processor) / of(bare, processor),
    },
    {
      what: 'memory, nothing wrong',
      measured: mebibytes(peak),
      against: `${mebibytes(of(bare, ({ peakBytes }) => peakBytes))} JSON.parse`,
      aim: atMost(peak / 2 ** 20, 300, ' MiB'),
    },
  ];
}

/** Once: what is asked is how much it takes, not how long. */
async function wrong(messages: number, { progress }: Options): Promise<Line> {
  await using folder = new Folder();
  const file = path.join(folder.path, 'history.ndjson');
  const events = await writeHistory(file, { messages, allWrong: true });
  progress(`judging ${events} events of which nothing is right`);
  const { peakBytes, ms } = await measureIn<Read>('reader', { side: 'ours', file } satisfies Reading);
  return {
    what: 'memory, everything wrong',
    measured: mebibytes(peakBytes),
    against: `${perSecond((events * 1_000) / ms)} judged`,
    aim: atMost(peakBytes / 2 ** 20, 1_024, ' MiB'),
  };
}

/** A history that fails would measure how evidence is gathered, not how a run is judged. */
function expectNothingWrong(reads: readonly Read[]): void {
  const failed = new Set(reads.flatMap((read) => read.failed));
  if (failed.size > 0)
    throw new Error(`expected nothing to fail in a history that is whole; ${[...failed].join(', ')} did`);
}
