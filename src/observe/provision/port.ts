import type { User } from '../identity/port.js';

export interface Population {
  readonly run: string;
  readonly users: number;
  /** `members`: indices into the users. `room` is our name for it. */
  readonly rooms: readonly { readonly room: string; readonly members: readonly number[] }[];
}

export interface Settled {
  /** In the order of the indices. */
  readonly users: readonly User[];
  /** The target's id of each of our rooms. */
  readonly rooms: Readonly<Record<string, string>>;
}

/** Makes users and rooms on the target, or takes given ones. Two runs never share a user or a room, unless given fixed ones. */
export interface Provision {
  /** Said in the report: `made for this run` or `given`. */
  readonly source: 'made' | 'given';
  setUp(population: Population, call: { readonly signal: AbortSignal }): Promise<Settled>;
  tearDown?(call: { readonly signal: AbortSignal }): Promise<void>;
}
