import type { ClientKind, ClientMeans } from '../../../src/observe/client/index.js';

/**
 * What the suite needs of a protocol: a real server, and a client for it. Its users are `ada`, `bob`, …, whose tokens are
 * `ada-1`, `ada-2`, …: another one after each that was refused. They are in the room `lobby`, and everyone there,
 * the sender too where the protocol does so, is handed what was said.
 */
export interface Harness {
  /** Starts a real server on this port; 0 picks a free one. */
  serve(port: number, mischief: Mischief): Promise<Served>;
  /** The client of a config, with short waits before it tries again (5 to 20 ms, where it has such a setting). */
  kind(port: number, means: ClientMeans): ClientKind;
  /** Messages are written to the connection, one behind the other, and `written` says to which. */
  readonly pipelines?: true;
  /** What this server cannot be made to do, with the reason: those tests are skipped, and say so. */
  readonly without?: Partial<Record<Ability, string>>;
}

/** What a server is made to do wrong. */
export interface Mischief {
  /** Takes messages, answers none and passes none on. */
  readonly mute?: true;
  /** Delivers every message twice. */
  readonly repeat?: true;
  /** Refuses this token, in the way of its protocol; lets all others in. */
  readonly refuse?: string;
  /** On each user's first connection, once the session is in and before it is answered anything: says what is not of its protocol. */
  readonly garbage?: true;
  /** On each user's first connection, at the same moment: sends a frame of 4 MB. */
  readonly flood?: true;
}

/** `drop`: end the connection of one user. */
export type Ability = keyof Mischief | 'drop';

export interface Served {
  readonly port: number;
  /** How many messages of sessions it has taken; every attempt counts. */
  readonly taken: number;
  /** Ends the connection of this user as the protocol does, with a goodbye where it has one. */
  drop(user: string): unknown;
  /** Ends every connection and listens no longer. Idempotent. */
  stop(): Promise<void>;
}
