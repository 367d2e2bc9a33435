// Holds idle sessions, ours or bare clients, and reports what they cost. One side a process, so that neither warms or
// burdens the other.
import { contenderNamed, type ContenderName } from '../contenders/index.js';
import { connected, eachOf, placeOf, sessionNames } from '../support/crowd.js';
import { collectGarbage, report, settings } from '../support/in-worker.js';

export interface Holding {
  readonly contender: ContenderName;
  readonly side: 'ours' | 'bare';
  readonly url: string;
  readonly sessions: number;
  /** Connections under way at once. */
  readonly atOnce: number;
}

export interface Held {
  /** Resident memory that came with the sessions, in bytes. */
  readonly residentBytes: number;
  /** V8's heap and what it holds outside, in bytes. */
  readonly heapBytes: number;
  readonly ms: number;
}

const { contender, side, url, sessions, atOnce } = await settings<Holding>();
const { ours, bare } = await contenderNamed(contender);
const kind = ours(url);
const held: unknown[] = [];

const connect = {
  ours: async (session: string) => held.push(await connected(kind, session, ignore)),
  bare: async (session: string) => held.push(await bare(url, { ...placeOf(session), heard: ignore })),
}[side];

// The first of a kind compile the code and grow the heap: they belong to neither figure.
await eachOf(sessionNames(sessions / 2), atOnce, connect);
const before = await memory();
const began = performance.now();
await eachOf(sessionNames(sessions), atOnce, connect);
const ms = performance.now() - began;
const after = await memory();
report({
  ms,
  residentBytes: after.resident - before.resident,
  heapBytes: after.heap - before.heap,
} satisfies Held);

async function memory() {
  await collectGarbage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed + external };
}

function ignore(): void {
  // Nothing is said.
}
