import type { Acknowledgement, Joined, OutgoingMessage, ReceivedMessage } from '../shared/messages.js';

/** How a service is spoken to. What is not told is as in the mission's own protocol. */
export interface WebSocketOptions extends Partial<FrameFunctions> {
  /** May hold placeholders: `ws://127.0.0.1:{port:backend}/ws`. */
  readonly url: string;
  /** Where the token travels: `query` (`?token=`) unless told. */
  readonly token?: TokenPlace;
  readonly headers?: Readonly<Record<string, string>>;
  /** The subprotocols to offer. */
  readonly protocols?: readonly string[];
  /** `join` uses `after`, so that the target replays what was missed. */
  readonly resume?: boolean;
  /** `receive` and `acknowledge` give positions: unless told, when `resume` is true. */
  readonly positions?: boolean;
  /** Other frames than JSON texts: MessagePack, Protocol Buffers, an envelope of your own. */
  readonly encoding?: Encoding;
  /** A frame that we send every so many ms while a connection is open, for services that end idle ones. */
  readonly ping?: { readonly everyMs: number; readonly frame: () => unknown };
  /** The frame that answers a ping of the service; null for other frames. */
  readonly pong?: (frame: unknown) => unknown;
  /** A longer frame ends the connection: 1 MiB unless told. */
  readonly maxFrameBytes?: number;
  /** From the first packet until every room is joined: 10 s unless told. */
  readonly dialTimeoutMs?: number;
  /** The header of the upgrade answer that names the instance: `x-instance` unless told. */
  readonly instanceHeader?: string;
}

/**
 * Where the token travels. An answer to a first frame is not awaited: the rooms are joined right behind it. With
 * `{ subprotocol }`, list in `protocols` what the service is to choose: a token is no answer.
 */
export type TokenPlace =
  /** `?token=` */
  | 'query'
  /** `Authorization: Bearer …` */
  | 'header'
  /** `bearer.<token>` beside `chat` (or beside `protocols`) */
  | 'subprotocol'
  /** `{ type: 'hello', token }` */
  | 'first-frame'
  /** Another parameter: `{ query: 'access_token' }` */
  | { readonly query: string }
  /** Another header, with what stands before the token: `{ header: 'x-auth', prefix: 'Bearer ' }` */
  | { readonly header: string; readonly prefix?: string }
  /** Subprotocols to offer: `{ subprotocol: (token) => [`jwt.${token}`] }` */
  | { readonly subprotocol: (token: string) => readonly string[] }
  /** The first frame, sent as JSON: `{ firstFrame: (token) => ({ type: 'auth', token }) }` */
  | { readonly firstFrame: (token: string) => unknown };

/** What goes over the wire: a text frame for a text, a binary one for bytes. */
export type Sendable = string | Uint8Array;

export interface Encoding {
  /** Frames that it throws at are counted, and said at the end of the connection. */
  readonly decode: (data: Sendable) => unknown;
  readonly encode: (frame: unknown) => Sendable;
}

/** How frames map; each frame is one JSON text, unless `encoding` says otherwise. With `send`, none of the mission's own functions is used. */
export interface FrameFunctions {
  /** The frame that says a message. */
  readonly send: (message: OutgoingMessage) => unknown;
  /** What a frame says of a message that was sent; null for frames that say nothing of it. */
  readonly acknowledge: (frame: unknown) => Acknowledgement | null;
  /** The message or messages that a frame brings; null for other frames. */
  readonly receive: (frame: unknown) => ReceivedMessage | readonly ReceivedMessage[] | null;
  /**
   * The frame that enters a room; `after` is the last position that this session has read there, null at first. Without
   * this function the target is taken to put every session into its rooms by itself.
   */
  readonly join: (entry: { readonly room: string; readonly after: string | null }) => unknown;
  /** What a frame says of a room that was asked for. Without this function joining is in effect at once. */
  readonly joined: (frame: unknown) => Joined | null;
}
