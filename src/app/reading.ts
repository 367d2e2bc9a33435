import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { OutlastError, messageOf } from '../base/errors.js';
import { readHistory, type Header, type History } from '../history/index.js';
import { tightenLargeHeap } from '../system/heap.js';

const mebibyte = 1024 * 1024;
/** A history shrinks to a tenth or a thirtieth. What swells by more than this, and is large by then, was made to do harm. */
const mostSwelling = 200;
const harmlessBytes = 16 * mebibyte;

/** Told how many bytes of a file have been read, packed as they may be. */
export type Read = (bytes: number) => void;

/**
 * Opens a history in a file, plain or gzip, which its first bytes tell. Rejects, and so do its batches, with `HISTORY_INVALID`,
 * `HISTORY_VERSION` or, where the file cannot be read, `HISTORY_NOT_FOUND`.
 */
export function openHistory(file: string, read?: Read): Promise<History> {
  return readHistory(textOf(file, read), file);
}

/** The header of a history in a file. Rejects as `openHistory` does. */
export async function headerOf(file: string): Promise<Header> {
  const { header, batches } = await openHistory(file);
  for await (const _ of batches) break; // lets go of the file
  return header;
}

async function* textOf(file: string, read?: Read): AsyncGenerator<Uint8Array> {
  const chunks = bytesOf(file, read);
  const first = await begin(chunks);
  const all = (async function* () {
    yield first;
    yield* chunks;
  })();
  yield* first[0] === 0x1f && first[1] === 0x8b ? inflated(all, file) : all;
}

/** The first two bytes at least, where there are so many. */
async function begin(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let bytes = new Uint8Array();
  while (bytes.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    bytes = bytes.length === 0 ? new Uint8Array(value) : Buffer.concat([bytes, value]);
  }
  return bytes;
}

async function* bytesOf(file: string, read?: Read): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: mebibyte / 4 })) {
      yield chunk as Uint8Array;
      read?.((bytes += (chunk as Uint8Array).length));
      // Whoever reads holds much of it.
      tightenLargeHeap();
    }
  } catch (error) {
    throw new OutlastError('HISTORY_NOT_FOUND', `expected a history that can be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What a gzip holds. One that is cut short ends where it is cut, as a plain file would. */
async function* inflated(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const { constants, createGunzip } = await import('node:zlib');
  let packed = 0;
  const source = Readable.from(counted(chunks, (bytes) => (packed += bytes)));
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: mebibyte / 4 });
  source.once('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  let bytes = 0;
  try {
    for await (const chunk of gunzip) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > harmlessBytes && bytes > packed * mostSwelling) throw swollen(file);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw isOfZlib(error) ? damaged(file, error) : error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

const isOfZlib = (error: unknown) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');

const damaged = (file: string, cause: unknown) =>
  new OutlastError(
    'HISTORY_INVALID',
    `expected ${file} to be gzip that can be read, got a damaged one (${messageOf(cause)}): copy it again from where it was written`,
    { cause },
  );

const swollen = (file: string) =>
  new OutlastError(
    'HISTORY_INVALID',
    `expected ${file} to be a history in gzip, got one that swells more than ${mostSwelling}-fold, which no history does: it is not read further`,
  );
