// Holds idle sessions, ours or bare clients, and reports what they cost. One side a process, so that neither warms or
// burdens the other.
import { contenderNamed, type ContenderName } from '../contenders/index.js';
import { connected, eachOf, placeOf, seatOf, sessionNames } from '../support/crowd.js';
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

/** Somebody who can come in. */
type Door = () => Promise<unknown>;

const doorOf: (session: string) => Door = {
  ours: (session: string) => {
    const seat = seatOf(session);
    return () => connected(kind, seat, ignore);
  },
  bare: (session: string) => {
    const place = { ...placeOf(session), heard: ignore };
    return () => bare(url, place);
  },
}[side];

// Who they are is made first: it is no part of what a client holds. No two have one name, by which a broker would end the first.
const doors = sessionNames(sessions * 1.5).map(doorOf);
const enter = async (door: Door) => held.push(await door());

// The first of a kind compile the code and grow the heap: they belong to neither figure.
await eachOf(doors.slice(sessions), atOnce, enter);
const before = await memory();
const began = performance.now();
await eachOf(doors.slice(0, sessions), atOnce, enter);
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
