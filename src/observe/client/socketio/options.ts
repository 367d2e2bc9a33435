import type { Backoff } from '../../../base/backoff.js';
import type { OutgoingMessage, ReceivedMessage } from '../shared/messages.js';

/** What `socket.emit` is called with: `['chat message', text, id]`. The callback for the acknowledgement is added. */
export type Emission = readonly [event: string, ...parameters: unknown[]];

/** A room as it is entered; `after` is the last position that this session has read there, null at first. */
export interface RoomEntry {
  readonly room: string;
  readonly after: string | null;
  readonly user: string;
}

/** Who connects; `after` is the last position that this session has read in any of its rooms, null at first. */
export interface Entrant {
  readonly user: string;
  readonly rooms: readonly string[];
  readonly after: string | null;
}

/** What the answer to a message says. */
export type Acknowledged =
  | {
      readonly position?: string | number;
      /** The target's own id of the message. */
      readonly storedAs?: string | number;
      readonly refused?: undefined;
    }
  /** Refused for good, with the reason. */
  | { readonly refused: string };

/** What the answer to a `join` says. */
export type Entered =
  | {
      /** The room's last position at this moment. */
      readonly head?: string | number;
      /** Where the target says so: was everything that was missed replayed (true) or not (false)? */
      readonly resumed?: boolean;
      readonly refused?: undefined;
    }
  /** The target will not let this session in. `unauthorized`: because of its token. */
  | { readonly refused: string; readonly unauthorized?: boolean };

export type Received = ReceivedMessage | readonly ReceivedMessage[] | null;

/** What a server refuses a connection with: `next(error)` in a middleware, with `error.data`. */
export interface Refusal {
  readonly message: string;
  readonly data: unknown;
}

/** How a service is spoken to. */
export interface SocketIoOptions {
  /** The server, with placeholders and without a path: `http://127.0.0.1:{port:chat}`. */
  readonly url: string;
  /** Where Socket.IO is mounted: `/socket.io` unless told. */
  readonly path?: string;
  /** `/` unless told. */
  readonly namespace?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `['polling', 'websocket']`, as the library does, unless told: polling first, then an upgrade. */
  readonly transports?: readonly ('polling' | 'websocket')[];
  /** What the server reads from `socket.handshake.auth`, made anew at each attempt: `{ token }` unless told. */
  readonly auth?: (token: string, entrant: Entrant) => object;
  /** The event that says a message. */
  readonly send: (message: OutgoingMessage) => Emission;
  /**
   * What the answer to a message says; null: neither yes nor no. Unless told, any answer accepts it. `false`: the server
   * answers no message, and none is emitted with a callback.
   */
  readonly acknowledge?: false | ((...answer: readonly unknown[]) => Acknowledged | null);
  /** The message or messages that an event brings: a function for each event, or one for all, which takes its name too. */
  readonly receive:
    | Readonly<Record<string, (...parameters: readonly unknown[]) => Received>>
    | ((event: string, ...parameters: readonly unknown[]) => Received);
  /** The event that enters a room. Without this function the target is taken to put every session into its rooms by itself. */
  readonly join?: (entry: RoomEntry) => Emission;
  /** What the answer to a `join` says; null: the room is not confirmed. Without this function joining is in effect at once. */
  readonly joined?: (...answer: readonly unknown[]) => Entered | null;
  /** `auth` or `join` uses `after`, so that the target replays what was missed. */
  readonly resume?: boolean;
  /** The server has `connectionStateRecovery`. */
  readonly recovery?: boolean;
  /** `receive` and `acknowledge` give positions: unless told, when `resume` is true. */
  readonly positions?: boolean;
  /** The library sends a message again, up to so many times, until it is answered; one at a time. Never unless told. */
  readonly retries?: number;
  /** How long the library waits for an answer, in ms. For ever unless told. */
  readonly ackTimeoutMs?: number;
  /** Is it the token that the server refuses? Unless told, its words, or a status of 401 or 403 in its data, say so. */
  readonly unauthorized?: (refusal: Refusal) => boolean;
  /** From the first packet until every room is joined: 20 s, as the library does, unless told. */
  readonly dialTimeoutMs?: number;
  /** The library's own waits: 1 s, doubled up to 5 s, each up to a half longer or shorter, unless told. */
  readonly backoff?: Reconnection;
}

/** `reconnectionDelay`, `reconnectionDelayMax`, `randomizationFactor`. */
export interface Reconnection extends Pick<Backoff, 'firstMs' | 'maxMs'> {
  /** From 0 to 1. */
  readonly jitter: number;
}

export const libraryReconnection: Reconnection = { firstMs: 1_000, maxMs: 5_000, jitter: 0.5 };

export const libraryTimeoutMs = 20_000;
