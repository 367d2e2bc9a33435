import type { EventOf, Facet, MessageId, Seen } from '../../history/events.js';
import type { Call, Credentials, Door, Knock } from '../identity/port.js';

export type { Call, Credentials };

/** What a client may know of its session: who it is, where it belongs, how the target is reached. */
export interface Seat {
  readonly session: string;
  readonly user: string;
  /** The target's ids of its rooms. */
  readonly rooms: readonly string[];
  /** A fresh token; asked for at every attempt to connect. Rejects when none is to be had now. */
  credentials(call: Call): Promise<Credentials>;
  /** Tells that the target refused this token, so that the next one is a renewed one. */
  rejected(credentials: Credentials): void;
  /** The address to dial: placeholders filled in, and through the relay where one stands between. */
  resolve(url: string): URL;
  /** The target's own address, for the Host header and the TLS server name. Absent: nothing stands between. */
  origin?(url: string): URL;
  readonly random: () => number;
}

export type Observe = (seen: Seen) => void;

export interface SendCall extends Call {
  /**
   * Told just before each time that the bytes are handed over. `conn`: the connection that they are written to, behind what was
   * written to it before; none where a message goes a way of its own.
   */
  readonly written: (conn?: number) => void;
}

export interface Outgoing {
  readonly message: MessageId;
  readonly room: string;
  readonly text: string;
}

export type Answer =
  | { readonly answer: 'ack'; readonly id?: string; readonly position?: string }
  | { readonly answer: 'nack'; readonly reason: string }
  | { readonly answer: 'unsure'; readonly reason: string }
  /** There was no connection to offer it to; no byte left. */
  | { readonly answer: 'unoffered'; readonly reason: string };

/**
 * One session's client. It tells what it sees (`connect`, `open`, `ready`, `join`, `joined`, `receive`, `close`, …) and
 * never filters repeats. It does not tell of sends and answers: the workload does, from what `send` returns. After its
 * disposal, which is idempotent and never throws, it tells nothing.
 */
export interface Client extends AsyncDisposable {
  /**
   * Resolves at the first `ready`, and when what the library goes on doing is done, so that its connection can be cut; keeps
   * itself connected until disposed. Rejects when the signal aborts.
   */
  connect(call: Call): Promise<void>;
  /** An abort gives `unsure`. Rejects only on a bug. */
  send(message: Outgoing, call: SendCall): Promise<Answer>;
  /** Is there a connection to offer a message to, signed in and in its rooms? True from the moment that `ready` is told. */
  readonly connected: boolean;
}

export interface ClientKind {
  readonly name: string;
  /** The addresses that sessions dial, with placeholders: the relay stands before each of them. */
  readonly dials: readonly string[];
  readonly reconnects: 'itself' | 'never';
  /** What becomes of a message that is sent without a connection. `buffered`: the library keeps it and sends it later. */
  readonly offlineSend: 'refused' | 'buffered' | 'waits';
  /** Who sends again what is unsure: the workload, once the session is back, or the library by itself. */
  readonly resends: 'workload' | 'library';
  /** What this protocol lacks, with the reason in words. */
  readonly lacks: Partial<Record<Facet, string>>;
  /** Constructs only; touches no network. */
  open(seat: Seat, observe: Observe): Client;
  /**
   * The way in as a door at which tokens are tried: a privileged operation through a connection of its own. Absent where
   * nothing shows that a token was let in. `seat`: in whose place; it needs a room that no check judges. `probe`: a message
   * for a target that confirms no joins, whose acknowledgement shows it.
   */
  door?(seat: Seat, probe: () => Outgoing): Door;
  /**
   * Tries once to enter the rooms of `seat`, which are not those of its user, with what is known of somebody else. Absent
   * where sessions resume by nothing that another could show, or where nothing confirms that a room was entered.
   */
  intrude?(seat: Seat, intrusion: Intrusion, call: Call): Promise<Knock['let']>;
}

/** What an intruder shows, and how long it listens. */
export interface Intrusion {
  /** By room, how far another session has read there: what that one would resume with. Empty: it asks as anybody would. */
  readonly cursors: ReadonlyMap<string, string>;
  readonly observe: Observe;
  /** How long it stays where it is let in, in ms. */
  readonly listensMs: number;
}

/** A plain connection lives once. `reconnecting(connector)` makes it a ClientKind; only there are back-off and close codes. */
export interface Connector {
  readonly name: string;
  /** See `ClientKind`. */
  readonly dials: readonly string[];
  readonly lacks: Partial<Record<Facet, string>>;
  /** What shows that a token was let in: a join that the target confirms, a message that it acknowledges, or nothing. */
  readonly admission: 'join' | 'acknowledgement' | 'unseen';
  /** Messages are written to the connection itself, one behind the other, and not each in a request of its own. */
  readonly pipelines?: true;
  /** Tells `open`, `join`, `joined`, `receive`. Resolves when signed in and in its rooms. Rejects with `DialFailed`. */
  dial(attempt: Attempt): Promise<Connection>;
}

export interface Attempt extends Call {
  readonly seat: Seat;
  /** Null dials without any token: a door is tried. */
  readonly credentials: Credentials | null;
  /**
   * Per room, how far this session has read: sent to resume, and moved on by the connection as it reads. One map serves
   * all attempts of a session, so nothing that was read is forgotten when an attempt fails half way.
   */
  readonly cursors: Map<string, string>;
  /** `conn` is filled in by the wrapper, as it is in what `written` tells. */
  readonly observe: Observe;
}

export interface Connection extends AsyncDisposable {
  /** What the target said of the resumption. */
  readonly claims: EventOf<'ready'>['claims'];
  readonly closed: Promise<Closed>;
  send(message: Outgoing, call: SendCall): Promise<Answer>;
}

export interface Closed {
  readonly by: 'target' | 'network' | 'session' | 'unknown';
  readonly code?: number;
  readonly reason?: string;
  /** The token is no longer good: it was revoked, or has expired. */
  readonly unauthorized?: true;
  /** The target said how long to stay away. */
  readonly retryAfterMs?: number;
}

/** Why a dial failed. `unauthorized`: the token was definitely refused (401, 403, close 4401 or the protocol's own). */
export class DialFailed extends Error {
  override readonly name = 'DialFailed';
  constructor(
    readonly at: 'dial' | 'handshake' | 'sign-in' | 'join',
    readonly reason: string,
    readonly more: {
      readonly unauthorized?: boolean;
      readonly status?: number;
      readonly retryAfterMs?: number;
      readonly instance?: string;
      /** How the connection ended, where it had been open already. */
      readonly closed?: Closed;
    } = {},
  ) {
    super(reason);
  }
}
