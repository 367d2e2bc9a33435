import type { RequestToken, SendingOptions } from '../http/options.js';
import type { Joined, ReceivedMessage } from '../shared/messages.js';

/** How a service is spoken to that sends events over HTTP, and is sent messages by requests. */
export interface SseOptions extends SendingOptions {
  /**
   * Where sessions listen. `{room}` in it: a stream for each room. Without: one for all of them, and `{rooms}` (with
   * commas) and `{user}` may say whose. Target placeholders as everywhere: `http://127.0.0.1:{port:chat}/events`.
   */
  readonly url: string;
  /** Where the token travels: `Authorization: Bearer …` unless told. Browsers cannot do that, and many services take `'query'`. */
  readonly token?: RequestToken;
  /** Of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The message or messages that an event brings; null for other events. */
  readonly receive: (event: StreamedEvent) => ReceivedMessage | readonly ReceivedMessage[] | null;
  /** What an event says of rooms. Without this function a session is in its rooms when its stream is open. */
  readonly joined?: (event: StreamedEvent) => Joined | readonly Joined[] | null;
  /** The last event id is sent when a stream is opened again, so that the target replays what was missed. */
  readonly resume?: boolean;
  /** How it is sent: the header `Last-Event-ID` unless told. */
  readonly lastEventId?: { readonly header: string } | { readonly query: string };
  /** `receive` and `acknowledge` give positions: unless told, when `resume` is true. */
  readonly positions?: boolean;
  /** A longer event ends the connection: 1 MiB unless told. */
  readonly maxEventBytes?: number;
  /** A stream on which nothing comes for so long, not even a comment, is given up. Never unless told. */
  readonly idleTimeoutMs?: number;
  /** From the first packet until every stream is open and every room is joined: 10 s unless told. */
  readonly dialTimeoutMs?: number;
  /** The header of the answer that names the instance: `x-instance` unless told. */
  readonly instanceHeader?: string;
}

/** One event of a stream. `Data`: what its author knows that stands in it. */
export interface StreamedEvent<Data = unknown> {
  /** `message` where the event has no name. */
  readonly event: string;
  /** The id that stands in this event; null where none does. */
  readonly id: string | null;
  /** What was read from JSON; the text where that is none. */
  readonly data: Data;
  /** The room whose stream this is; null where one stream serves all rooms. */
  readonly room: string | null;
  /** The rooms of this session. */
  readonly rooms: readonly string[];
}
