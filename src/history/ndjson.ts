import { OutlastError } from '../base/errors.js';
import { HistoryDecoder } from './decoder.js';
import type { Event, Header } from './events.js';

/** The first line of a history, with its newline. */
export function encodeHeader(header: Header): string {
  return `${JSON.stringify(header)}\n`;
}

/** One line of a history, with its newline. */
export function encodeEvent(event: Event): string {
  return `${JSON.stringify(event)}\n`;
}

/** A history while it is read. */
export interface History {
  readonly header: Header;
  /** The events in the order of the file, some hundreds at a time. To be read once, and to the end or broken off. */
  readonly batches: AsyncIterable<readonly Event[]>;
  /** What a reader of the verdict should know, in words. Complete when the batches are read. */
  notes(): readonly string[];
}

/**
 * Reads a history: its header now, its events as they are asked for. `name` is what errors call it. Rejects, and so do its
 * batches, with `HISTORY_INVALID` and the line's number, with `HISTORY_VERSION`, or with the error of `chunks`.
 */
export async function readHistory(
  chunks: AsyncIterable<Uint8Array | string>,
  name = 'the history',
): Promise<History> {
  const decoder = new HistoryDecoder(name);
  const batches = decoding(chunks, decoder);
  const first = await batches.next();
  const { header } = decoder;
  if (!header || first.done) throw new OutlastError('INTERNAL', `expected a header in ${name}, got none`);
  return { header, batches: continued(first.value, batches), notes: () => decoder.notes() };
}

/** The first batch comes as soon as there is a header; it may be empty. */
async function* decoding(
  chunks: AsyncIterable<Uint8Array | string>,
  decoder: HistoryDecoder,
): AsyncGenerator<readonly Event[]> {
  let begun = false;
  for await (const chunk of chunks) {
    const events = decoder.push(chunk);
    if (events.length === 0 && (begun || !decoder.header)) continue;
    begun = true;
    yield events;
  }
  yield decoder.end();
}

async function* continued(
  first: readonly Event[],
  rest: AsyncGenerator<readonly Event[]>,
): AsyncGenerator<readonly Event[]> {
  try {
    yield first;
    yield* rest;
  } finally {
    // Broken off: lets go of the file.
    await rest.return(undefined);
  }
}
