import type { Facet } from '../../history/events.js';

interface Call {
  readonly signal: AbortSignal;
}

/** Something that the target stores for one signed-in user, and that a restart must not change. */
export interface RecordSource {
  readonly name: string;
  readonly of: 'user' | 'session' | 'other';
  /** Null: the target says that there is no such record (404, 410, or an empty body). Throws when it does not answer or refuses. */
  read(token: string, call: Call): Promise<Reading | null>;
}

export interface Reading {
  /** The canonical text of the record (keys sorted), from which its digest is made. */
  readonly canonical: string;
  /** The names of its fields, with the digest of each value: what changed can be named without writing values down. */
  readonly fields: readonly { readonly name: string; readonly canonical: string }[];
}

/** Says who a token's owner is. */
export interface WhoAmI {
  /** `canonical`: identity and claims, from which a digest is made. Throws when the target does not answer or refuses. */
  ask(token: string, call: Call): Promise<{ readonly user: string; readonly canonical: string }>;
}

/** Reads what the target stores of a room, from its beginning, page by page. */
export interface LogReader {
  readonly lacks: Partial<Record<Facet, string>>;
  /** `room`: the target's id. Throws when a page cannot be had. */
  read(room: string, token: string, call: Call): AsyncIterable<Stored>;
}

export interface Stored {
  readonly text: string;
  readonly from?: string;
  readonly id?: string;
  readonly position?: string;
}
