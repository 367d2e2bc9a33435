import type { RequestTokenPlace } from '../identity/index.js';

/** What is asked. `id` is ours, and of no other question of any run: a target that takes ids from its clients may have it. */
export interface Question {
  readonly id: string;
  readonly text: string;
}

/** One event of `text/event-stream`, as its connection gave it. `json` is the data, parsed; undefined where it is no JSON. */
export interface Frame {
  /** `message` where the target does not name it. */
  readonly event: string;
  readonly id?: string;
  readonly data: string;
  readonly json: unknown;
}

/** What a frame says: the next part, that the answer is over, or that it has failed; null: nothing of the answer. */
export type Heard =
  | { readonly text: string; readonly position?: string | number }
  | { readonly end: true }
  | { readonly failed: string }
  | null;

/**
 * How a reader that comes back says where it stopped. `last-event-id`: as browsers do, in that header, with the id of the last
 * frame that had one. `url`: the function `stream` puts it into the address. `query`: a parameter of that name. `counts`: what
 * is sent is how much of the text was read, in units of that kind, and not the id of the last part.
 */
export type CursorPlace =
  | 'last-event-id'
  | 'url'
  | { readonly query: string; readonly counts?: 'code-points' | 'code-units' | 'bytes' };

export type AnswerState = 'running' | 'done' | 'cancelled' | 'failed';

export interface AnswersOptions {
  /** Where questions are posted, as JSON. Addresses may hold placeholders. */
  readonly url: string;
  /** `Authorization: Bearer …` unless told. */
  readonly token?: RequestTokenPlace;
  /** What is posted: `{ question, key }` unless told. */
  readonly body?: (question: Question) => unknown;
  /** The target's id of the answer, from what the post was answered with: `id` unless told. */
  readonly id?: (body: unknown, question: Question) => string | number;
  /** Where the parts are read: `/:id/stream` below `url` unless told. */
  readonly stream?: (answer: { readonly id: string; readonly cursor: string | null }) => string;
  /** `last-event-id` unless told. */
  readonly cursor?: CursorPlace;
  /** Without it: events `part` with `{ text }`, `end`, and `error` with `{ message }`. */
  readonly frame?: (frame: Frame) => Heard;
  /** Where the stored answer is read, with GET: `/:id` below `url` unless told. */
  readonly stored?: (id: string) => string;
  /** The text of a stored answer: `text` unless told. */
  readonly text?: (body: unknown) => string;
  /** How far it is: `state`, where that is `running`, `done`, `cancelled` or `failed`, unless told. */
  readonly state?: (body: unknown) => AnswerState | undefined;
  /** Is this a whole answer to that question? Without it, an answer that was stored short cannot be told from a whole one. */
  readonly whole?: (text: string, question: string) => boolean;
  /** Where an answer is cancelled, with POST: `/:id/cancel` below `url` unless told. False: there is no such thing. */
  readonly cancel?: false | ((id: string) => string | { readonly url: string; readonly method: string });
  /** `long` takes some seconds to answer, longer than until the restart; `short` is answered before it. */
  readonly questions?: { readonly long?: string; readonly short?: string };
  /** How many answers are under way at the restart: 4 unless told. */
  readonly count?: number;
  /** An answer of which nothing comes for so long, although the target is back, is not waited for: 5 s unless told. */
  readonly silenceMs?: number;
}
