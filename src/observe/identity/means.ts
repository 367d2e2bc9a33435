import type { Redactor } from '../record/port.js';

/** What a way to sign in is given by the run. */
export interface IdentityMeans {
  /** Every token and password that is made or read is registered here. */
  readonly redactor: Pick<Redactor, 'add'>;
  /** Fills in the placeholders of a URL or a key. */
  resolve(text: string): string;
  /** The wall clock, in ms since 1970; the system's unless told. */
  readonly now?: () => number;
}
