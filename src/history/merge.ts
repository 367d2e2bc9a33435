import type { Event } from './events.js';

/** A source of a merge. */
export interface Source {
  readonly batches: AsyncIterable<readonly Event[]>;
  /** What is added to its times, in ms. */
  readonly offsetMs: number;
}

interface Open {
  readonly iterator: AsyncIterator<readonly Event[]>;
  readonly offsetMs: number;
  batch: readonly Event[];
  at: number;
  /** When its next event is; `Infinity` where it has none. */
  next: number;
}

/** So many events are handed on at a time. */
const batchSize = 1_024;

/**
 * One history from several, by time; each keeps its own order, as a history need not be sorted. Holds one batch of each. Broken
 * off, it lets go of all of them.
 */
export async function* merged(sources: readonly Source[]): AsyncGenerator<readonly Event[]> {
  const all: Open[] = sources.map(({ batches, offsetMs }) => {
    return { iterator: batches[Symbol.asyncIterator](), offsetMs, batch: [], at: 0, next: 0 };
  });
  try {
    for (const one of all) await refill(one);
    let batch: Event[] = [];
    for (;;) {
      const { first, until } = earliest(all);
      if (!first || first.next === Infinity) break;
      await take(first, until, batch);
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  } finally {
    for (const { iterator } of all) await iterator.return?.();
  }
}

/** Moves events from a source to a batch, up to this time; one at least. */
async function take(from: Open, until: number, batch: Event[]): Promise<void> {
  do {
    const event = from.batch[from.at];
    if (event) batch.push(shifted(event, from.offsetMs));
    from.at += 1;
    if (from.at >= from.batch.length) await refill(from);
    else from.next = nextOf(from);
  } while (from.next <= until && from.next !== Infinity && batch.length < batchSize);
}

/** Whose turn it is, and until when nobody else's. */
function earliest(all: readonly Open[]): { first: Open | undefined; until: number } {
  let first: Open | undefined;
  let until = Infinity;
  for (const one of all) {
    if (!first || one.next < first.next) {
      until = first?.next ?? Infinity;
      first = one;
    } else until = Math.min(until, one.next);
  }
  return { first, until };
}

async function refill(one: Open): Promise<void> {
  while (one.at >= one.batch.length) {
    const { done, value } = await one.iterator.next();
    if (done) {
      one.next = Infinity;
      return;
    }
    one.batch = value;
    one.at = 0;
  }
  one.next = nextOf(one);
}

const nextOf = ({ batch, at, offsetMs }: Open) => (batch[at]?.t ?? 0) + offsetMs;

/** The same event on the other clock. */
function shifted(event: Event, offsetMs: number): Event {
  if (offsetMs === 0) return event;
  const t = event.t + offsetMs;
  return event.kind === 'send' ? { ...event, t, due: event.due + offsetMs } : { ...event, t };
}
