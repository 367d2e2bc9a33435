import type { Facet } from '../../../history/events.js';
import type { ReceivedMessage, OutgoingMessage } from '../shared/messages.js';

/** What a client of one's own may lack. */
export const lackable = [
  'connection',
  'instance',
  'close-codes',
  'acknowledgements',
  'resume',
  'positions',
] as const;

/** A user's own library as a client: what it dials, who reconnects, and one function. */
export interface ClientDefinition {
  /** What histories and reports call it. */
  readonly name: string;
  /** The address that it dials, with placeholders: `ws://127.0.0.1:{port:chat}/`. */
  readonly url: string;
  /** Further addresses that it dials; each is asked for with `session.through(address)`. */
  readonly alsoDials?: readonly string[];
  /**
   * Who comes back after a loss. `itself`: the library; `connect` is called once. `us`: nobody, so that `connect` is called
   * for each attempt, with our waits between them.
   */
  readonly reconnects: 'itself' | 'us';
  /** What becomes of a message without a connection: it is not offered (`refused`, unless told), or kept and sent later. */
  readonly offlineSend?: 'refused' | 'buffered';
  /** Who sends again what is unsure: the workload, unless told. */
  readonly resends?: 'workload' | 'library';
  /**
   * What it never tells, with the reason in words; the checks that need it are skipped.
   * - `connection`: it holds none, and asks again and again. Nobody has to lose it; reconnects are not timed.
   * - `instance`: which process answered (`opened({ instance })`); what a balancer does is not judged.
   * - `close-codes`: with which code the target ended a connection (`closed({ code })`); `close-code` is skipped.
   * - `acknowledgements`: what the target accepted; `messages-lost`, `log-kept` and what rests on them are skipped.
   * - `resume`: where it stopped reading (`joining(room, { after })`), or that it was caught up (`ready({ resumed })`); no session
   *   is taken off the network on purpose.
   * - `positions`: the target's own number of each message, the same for every reader (`received({ position })`).
   */
  readonly lacks?: Partial<Record<(typeof lackable)[number], string>>;
  /** From `connect` to `ready`, where we dial: 10 s unless told. */
  readonly dialTimeoutMs?: number;
  readonly connect: (session: ClientSession) => ClientHandles | Promise<ClientHandles>;
}

/** What a client may know of its session. */
export interface ClientSession {
  /** The address to dial: the one of the definition, through the relay. */
  readonly url: string;
  /** Another one of the addresses that it dials, through the relay. */
  readonly through: (address: string) => string;
  /** A fresh token, to be asked for at every attempt; empty where sessions show none. */
  readonly token: () => Promise<string>;
  readonly user: string;
  /** The target's ids of the rooms to enter. */
  readonly rooms: readonly string[];
  /** The last position that this session has read in a room: what to resume after. Null at first. */
  readonly after: (room: string) => string | null;
  /** Aborts when the session is not wanted any more. */
  readonly signal: AbortSignal;
  readonly tell: Tell;
}

export interface ClientHandles {
  /**
   * Sends a message that has an identity. Resolves to what the target answered; or to nothing, where the answer comes as
   * `tell.acknowledged` or `tell.rejected`. It never rejects.
   */
  send(message: OutgoingMessage, call: { readonly signal: AbortSignal }): Sent | Promise<Sent>;
  /** Called once. Resolves when the connection is gone, and nothing more is told. */
  close(): Promise<unknown> | unknown;
}

/** `(message) => library.send(…)` may give nothing. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type
type Sent = Reply | undefined | void;

/** What the target answered to a message. `storedAs` is its own id of it. */
export type Reply =
  | { readonly answer: 'ack'; readonly position?: string | number; readonly storedAs?: string | number }
  /** Refused for good. */
  | { readonly answer: 'nack'; readonly reason: string }
  /** It may have happened: a time-out, a lost connection. */
  | { readonly answer: 'unsure'; readonly reason: string };

/** What a client says of its connection. Nothing of it throws, and nothing is to be held back. */
export interface Tell {
  /** The library tries again. Where it does not say so, the next `opened` or `refused` is taken for it. */
  connecting(): void;
  /** The connection is there. `instance`: which one answered, where the target says so. */
  opened(about?: { readonly instance?: string }): void;
  /** A room was asked for; `after` is the position that was sent with it. */
  joining(room: string, about?: { readonly after?: string | number | null }): void;
  /** The target confirmed a room. `head`: its last position at this moment. */
  joined(room: string, about?: { readonly head?: string | number }): void;
  /** Signed in and in all rooms. `resumed`: the target says that everything missed was replayed, or that it was not. */
  ready(about?: { readonly resumed?: boolean }): void;
  received(message: ReceivedMessage | readonly ReceivedMessage[]): void;
  acknowledged(answer: {
    readonly id: string;
    readonly position?: string | number;
    readonly storedAs?: string | number;
  }): void;
  rejected(answer: { readonly id: string; readonly reason: string }): void;
  /** An attempt failed. 401, 403, 4401 and 4403 refuse the token, and so does `unauthorized`: the next one is another. */
  refused(why?: Refusal): void;
  /**
   * The connection was lost, or ended. 1006 is the network's; any other code is taken for the target's. Without a code nobody
   * knows whose end it was, unless `by` says it.
   */
  closed(how?: Ending): void;
}

export interface Refusal {
  readonly status?: number;
  readonly reason?: string;
  readonly unauthorized?: boolean;
  readonly retryAfterMs?: number;
}

export interface Ending {
  readonly by?: 'target' | 'network' | 'session' | 'unknown';
  readonly code?: number;
  readonly reason?: string;
  readonly unauthorized?: boolean;
}

export type Lackable = (typeof lackable)[number] & Facet;
