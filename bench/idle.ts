import { atLeast, atMost, type Benchmark, type Line, type Options } from './support/benchmark.js';
import { inTurns, median, type Turns } from './support/statistics.js';
import { kibibytes, perSecond } from './support/table.js';
import { measureIn, Worker } from './support/worker.js';
import type { Held, Holding } from './workers/hold.js';

const sessions = 2_000;
const atOnce = 100;

/**
 * What an idle session costs. 2,000 of our WebSocket clients against 2,000 bare `ws` clients; the same is said on the wire:
 * each shakes hands, joins one room and waits for the answer. A fresh process for each side and round, one server process
 * for both, 100 connections under way at once, memory after garbage collection. Compression is off on both sides.
 *
 * Aim: at most 1.5 times the memory, and connections a second within 1.5 times.
 */
export const idle: Benchmark = {
  name: 'idle',
  measures: `${sessions} idle sessions of our client, against as many bare ws clients`,
  run,
};

async function run({ rounds, progress }: Options) {
  await using server = Worker.start('server', {});
  const { port } = await server.report<{ port: number }>();
  const hold = (side: Holding['side']) => () => {
    progress(`holding ${sessions} sessions: ${side}`);
    const url = `ws://127.0.0.1:${port}/chat`;
    const holding: Holding = { contender: 'websocket', side, url, sessions, atOnce };
    return measureIn<Held>('hold', holding);
  };
  const results = await inTurns(rounds, hold('ours'), hold('bare'));
  const resident = memory('resident memory a session', results, ({ residentBytes }) => residentBytes);
  return [
    { ...resident, aim: atMost(resident.ratio ?? Infinity, 1.5, ' ×') },
    memory('of which V8 counts', results, ({ heapBytes }) => heapBytes),
    connections(results),
  ];
}

function memory(what: string, { ours, bare }: Turns<Held>, bytes: (held: Held) => number): Line {
  const mine = median(ours.map(bytes)) / sessions;
  const theirs = median(bare.map(bytes)) / sessions;
  return { what, measured: kibibytes(mine), against: `${kibibytes(theirs)} bare ws`, ratio: mine / theirs };
}

function connections({ ours, bare }: Turns<Held>): Line {
  const rate = (side: readonly Held[]) => (sessions * 1_000) / median(side.map(({ ms }) => ms));
  const ratio = rate(ours) / rate(bare);
  return {
    what: 'connections a second',
    measured: perSecond(rate(ours)),
    against: `${perSecond(rate(bare))} bare ws`,
    ratio,
    aim: atLeast(ratio, 1 / 1.5, ' ×'),
  };
}
