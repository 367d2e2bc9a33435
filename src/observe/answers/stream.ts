import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { abortable, eitherOf } from '../../system/index.js';
import { carryToken } from '../identity/index.js';
import { isText, type Mappings } from './mapping.js';
import type { Complete } from './mission.js';
import type { Frame, Heard } from './options.js';
import { StreamRefused, type Arrival, type Call, type Progress } from './port.js';

interface Wire {
  readonly options: Complete;
  readonly map: Mappings;
  resolve(url: string): string;
}

interface Wanted {
  readonly id: string;
  readonly progress: Progress;
  readonly token: string;
}

/** From the first packet to the head of the answer. */
const openWithinMs = 10_000;
/** One frame; a longer one is no part of an answer. */
const longestFrame = 1024 * 1024;

/** Connects to an answer with GET. Rejects with `StreamRefused`, or with what broke the connection. */
export async function connect(wire: Wire, wanted: Wanted, { signal }: Call): Promise<AsyncIterable<Arrival>> {
  const { options, map, resolve } = wire;
  const { id, progress, token } = wanted;
  const cursor = cursorOf(options, progress);
  const url = new URL(resolve(map.use('stream', () => options.stream({ id, cursor }), isText)));
  const headers: Record<string, string> = { accept: 'text/event-stream', 'cache-control': 'no-cache' };
  carryToken(token, options.token, { url, headers });
  carryCursor(options, cursor, url, headers);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${openWithinMs} ms`)), openWithinMs);
  try {
    const response = await fetch(url, {
      headers,
      signal: eitherOf([signal, late.signal]),
      redirect: 'manual',
    });
    if (response.status !== 200 || !response.body) throw await refusal(response);
    return arrivals(response.body, signal, (frame) => heardIn(wire, frame));
  } finally {
    clearTimeout(timer);
  }
}

/** What a connection says to tell where its reader stopped; null: nothing. */
export function cursorOf({ cursor }: Complete, { lastEventId, position, text }: Progress): string | null {
  if (cursor === 'last-event-id') return lastEventId;
  if (cursor === 'url' || cursor.counts === undefined) return position;
  if (cursor.counts === 'bytes') return String(Buffer.byteLength(text));
  return String(cursor.counts === 'code-units' ? text.length : [...text].length);
}

function carryCursor(
  { cursor: place }: Complete,
  cursor: string | null,
  url: URL,
  headers: Record<string, string>,
): void {
  if (cursor === null || place === 'url') return;
  if (place === 'last-event-id') headers['last-event-id'] = cursor;
  else url.searchParams.set(place.query, cursor);
}

async function refusal({ status, headers, body }: Response): Promise<StreamRefused> {
  await body?.cancel().catch(() => undefined);
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return new StreamRefused(status, Number.isFinite(seconds) ? seconds * 1_000 : undefined);
}

async function* arrivals(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  heard: (frame: Frame) => Heard,
): AsyncGenerator<Arrival, void, undefined> {
  let frames: EventSourceMessage[] = [];
  const parser = createParser({ maxBufferSize: longestFrame, onEvent: (frame) => frames.push(frame) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      // Not left to fetch: a read that is aborted in the moment in which the body ends may never settle (Node 20).
      const { done, value } = await abortable(reader.read(), signal);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      const whole = frames;
      frames = [];
      for (const frame of whole) yield arrival(frame, heard);
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function arrival(
  { event = 'message', id, data }: EventSourceMessage,
  heard: (frame: Frame) => Heard,
): Arrival {
  // An empty id is no cursor: it resets it.
  const told = id === undefined ? {} : { id };
  return { ...told, heard: heard({ event, data, json: parsed(data), ...told }) };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function heardIn({ options, map }: Wire, frame: Frame): Heard {
  return map.use('frame', () => options.frame(frame), isHeard);
}

function isHeard(heard: Heard): heard is Heard {
  if (heard === null) return true;
  if (typeof heard !== 'object') return false;
  if ('text' in heard) return typeof heard.text === 'string';
  return 'end' in heard || ('failed' in heard && typeof heard.failed === 'string');
}
