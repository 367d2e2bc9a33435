import type { Answer, Part } from './answers.js';

/** How an answer is said to one reader, from where it stopped. */
export interface Player {
  /** Parts that the reader has. */
  readonly after: number;
  /** These parts as frames of `text/event-stream`. */
  say(parts: readonly Part[]): string;
  /** What ends it; undefined: nothing is said, and the connection stays open. */
  end(answer: Pick<Answer, 'id' | 'state'>): string | undefined;
}

/** `cursor`: the id of the last frame that the reader has, as it says itself; undefined: it says nothing. */
export type Playback = (answer: Answer, cursor: string | undefined) => Player | Promise<Player>;

/** Parts have ids, and they alone: a cursor that any other frame moved would lead past a part. */
export const playback: Playback = (_answer, cursor) => playerAfter(cursor);

/** `begin`: where a reader begins that has so many parts; after them unless told. */
export function playerAfter(cursor: string | undefined, begin = (after: number) => after): Player {
  return { after: begin(numberIn(cursor)), say: (parts) => parts.map(partFrame).join(''), end: endFrame };
}

/** A cursor that is no number of ours is none. */
const numberIn = (cursor: string | undefined): number =>
  /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0;

export const partFrame = ({ number, text }: Part): string => frame('part', { number, text }, String(number));

export const endFrame = ({ state }: Pick<Answer, 'state'>): string => frame('end', { state });

/** JSON has no line breaks of its own, so one `data` line holds it. */
export function frame(event: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
