import { contenderNamed, type ContenderName } from './contenders/index.js';
import { atLeast, atMost, type Benchmark, type Line, type Options } from './support/benchmark.js';
import { canBeKept } from './support/core.js';
import { inTurns, median, type Turns } from './support/statistics.js';
import { kibibytes, microseconds, perSecond } from './support/table.js';
import { measureIn, Worker } from './support/worker.js';
import type { Held, Holding } from './workers/hold.js';
import type { Talked, Talking } from './workers/talk.js';

const held = { sessions: 1_000, atOnce: 50 };
/** The warm-up is so long that what is compiled while it runs has been compiled. */
const talking = { connections: 50, warmUpMessages: 10_000, ms: 3_000 };
/** How many times the bare library's cost ours may be. */
const bound = 1.3;

/**
 * What each of our clients costs beside the library that it is made with. Both sides say the same on the wire to the same
 * server, which is a process of its own; each side and round is a fresh process.
 *
 * Memory: 1,000 idle sessions, signed in and in their rooms, after garbage collection. Messages: 50 sessions, each with one
 * message under way until it is acknowledged and has come back; our side looks for the identity of what comes and digests it,
 * as it must in a run, and nothing is recorded.
 *
 * Aims: at most 1.3 times the memory, and messages a second within 1.3 times.
 */
export const clients: Benchmark = {
  name: 'clients',
  measures: 'each of our clients, against the bare library that it is made with',
  run,
};

async function run(options: Options): Promise<readonly Line[]> {
  const lines: Line[] = [];
  if (!canBeKept())
    options.progress('no `taskset`, or one core: the system places the processes as it likes');
  for (const name of options.clients) lines.push(...(await compared(name, options)));
  return lines;
}

async function compared(name: ContenderName, { rounds, progress }: Options): Promise<readonly Line[]> {
  const { server: serves, library, address } = await contenderNamed(name);
  await using server = Worker.start(serves.worker, serves.settings ?? {}, 'serving');
  const { port } = await server.report<{ port: number }>();
  const about = { contender: name, url: address(port) };
  const hold = (side: Holding['side']) => () => {
    progress(`${name}, holding ${held.sessions} sessions: ${side}`);
    return measureIn<Held>('hold', { ...about, ...held, side } satisfies Holding, 'measuring');
  };
  const talk = (side: Talking['side']) => () => {
    progress(`${name}, talking: ${side}`);
    return measureIn<Talked>('talk', { ...about, ...talking, side } satisfies Talking, 'measuring');
  };
  return [
    ...memory(name, library, await inTurns(rounds, hold('ours'), hold('bare'))),
    ...messages(name, library, await inTurns(rounds, talk('ours'), talk('bare'))),
  ];
}

function memory(name: string, library: string, { ours, bare }: Turns<Held>): readonly Line[] {
  const line = (what: string, bytes: (held: Held) => number) => {
    const [mine, theirs] = [ours, bare].map((side) => median(side.map(bytes)) / held.sessions) as [
      number,
      number,
    ];
    return {
      what,
      measured: kibibytes(mine),
      against: `${kibibytes(theirs)} ${library}`,
      // What the bare side came with fitted into what its warming up had left: nothing can be said.
      ratio: theirs > 0 ? mine / theirs : Infinity,
    };
  };
  const resident = line(`${name}: memory a session`, ({ residentBytes }) => residentBytes);
  return [
    { ...resident, aim: atMost(resident.ratio, bound, ' ×') },
    line('  of which V8 counts', ({ heapBytes }) => heapBytes),
  ];
}

function messages(name: string, library: string, { ours, bare }: Turns<Talked>): readonly Line[] {
  const ratio = rate(ours) / rate(bare);
  return [
    {
      what: `${name}: messages a second`,
      measured: perSecond(rate(ours)),
      against: `${perSecond(rate(bare))} ${library}`,
      ratio,
      aim: atLeast(ratio, 1 / bound, ' ×'),
    },
    {
      what: '  processor time a message',
      measured: microseconds(cost(ours)),
      against: `${microseconds(cost(bare))} ${library}`,
      ratio: cost(ours) / cost(bare),
    },
  ];
}

const rate = (side: readonly Talked[]) => median(side.map(({ messages, ms }) => (messages * 1_000) / ms));

const cost = (side: readonly Talked[]) =>
  median(side.map(({ messages, processorMicroseconds }) => processorMicroseconds / messages));
