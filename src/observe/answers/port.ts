import type { Call, Credentials } from '../identity/port.js';
import type { Seen } from '../../history/events.js';
import type { AnswerState, Heard, Question } from './options.js';

export type { Call, Credentials };

/** Whose answers are asked for and read. */
export interface Asker {
  /** Asked for at every request. Rejects when none is to be had now. */
  credentials(call: Call): Promise<Credentials>;
  /** Tells that the target refused this token, so that the next one is another. */
  rejected(credentials: Credentials): void;
  readonly observe: (seen: Seen) => void;
  readonly random: () => number;
}

export interface StoredAnswer {
  readonly text: string;
  readonly state?: AnswerState;
  /** Where the config says how that is seen. */
  readonly whole?: boolean;
}

/** What a target does with answers. Requests throw `Refused` for 401 and 403, `ANSWER_INVALID` when there is no usable answer. */
export interface AnswerService {
  readonly questions: { readonly long: string; readonly short: string };
  readonly count: number;
  readonly silenceMs: number;
  readonly cancels: boolean;
  ask(question: Question, token: string, call: Call): Promise<string>;
  /** Null: there is no such answer (404, 410). */
  stored(id: string, question: Question, token: string, call: Call): Promise<StoredAnswer | null>;
  cancel(id: string, token: string, call: Call): Promise<void>;
  /** What a connection says to tell where its reader stopped; null: nothing. */
  cursorAt(progress: Progress): string | null;
  /**
   * One connection to the parts of an answer, from where the reader stopped. Rejects with `StreamRefused`, or with what broke
   * the connection, now or while it is read.
   */
  connect(id: string, progress: Progress, token: string, call: Call): Promise<AsyncIterable<Arrival>>;
}

/** How far a reader is. */
export interface Progress {
  /** The last id of a frame of any kind, and of a part; null: there was none. */
  readonly lastEventId: string | null;
  readonly position: string | null;
  readonly text: string;
}

/** A frame: its id, where it moves the cursor, and what it says. */
export interface Arrival {
  readonly id?: string;
  readonly heard: Heard;
}

/** The target did not let the reader in. `unauthorized`: because of its token. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused';
  constructor(
    readonly status: number,
    readonly retryAfterMs?: number,
  ) {
    super(`answered with status ${status}`);
  }

  get unauthorized(): boolean {
    return this.status === 401 || this.status === 403;
  }
}
