import type { RequestToken, SendingOptions } from '../http/options.js';
import type { ReceivedMessage } from '../shared/messages.js';

/** How a service is spoken to over HTTP alone: what is new is asked for again and again, and messages are posted. */
export interface PollOptions extends SendingOptions {
  /**
   * Where sessions ask for what is new. `{room}` in it: each room is asked for. Without: one question for all of them, and
   * `{rooms}` (with commas) and `{user}` may say whose.
   */
  readonly url: string;
  /** Where the token travels: `Authorization: Bearer …` unless told. */
  readonly token?: RequestToken;
  /** Of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The parameter by which the cursor travels: `after` unless told. It is left out while there is none. */
  readonly after?: string;
  /** The message or messages that an answer brings, the oldest first; null: none. */
  readonly receive: (answer: PolledAnswer) => ReceivedMessage | readonly ReceivedMessage[] | null;
  /** The cursor of the next question; null: the same as before. Unless told, the position of the last message. */
  readonly next?: (answer: PolledAnswer) => string | number | null;
  /** Is more there than this answer holds, so that it is asked for at once? Never unless told. */
  readonly more?: (answer: PolledAnswer) => boolean;
  /** From an answer to the next question: 500 ms, and with `longPoll` none, unless told. */
  readonly intervalMs?: number;
  /**
   * The target is asked to hold a question until there is something new: by this parameter, for at most so long. The first
   * question of a conversation does not ask for it: its answer shows that the session is in its room.
   */
  readonly longPoll?: { readonly query: string; readonly value: string | number; readonly atMostMs: number };
  /** `receive` and `acknowledge` give positions: true unless told. */
  readonly positions?: boolean;
  /** An answer to a question that takes longer is none: 5 s unless told, and with `longPoll` so much more. */
  readonly answerWithinMs?: number;
  /** A longer answer is none: 16 MiB unless told. */
  readonly maxAnswerBytes?: number;
}

/** An answer to a question for what is new: what was read from JSON; the text where that is none; null where it is empty. */
export interface PolledAnswer<Body = unknown> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string>>;
  /** The room that was asked for; null where all were. */
  readonly room: string | null;
  /** The rooms of this session. */
  readonly rooms: readonly string[];
}
