import type { Event, Header, SeenOfRun } from '../../history/events.js';
import type { Seen } from '../../history/events.js';

/** Knows the secrets of a run and removes them from what is written. */
export interface Redactor {
  /** Registers a token, a password, a cookie. Texts under 6 characters are not secrets. */
  add(secret: string): void;
  /** The text with every known secret, and anything shaped like a JWT, replaced by `[redacted]`. */
  clean(text: string): string;
  /** For streams: secrets are also removed where they lie across two chunks. */
  stream(): { push(chunk: string): string; end(): string };
}

/** Stamps, redacts and journals what is seen. */
export interface Recorder extends AsyncDisposable {
  /** ms since the history's epoch. */
  now(): number;
  readonly redactor: Redactor;
  /** Writes the header; once, before any event. */
  begin(header: Header): void;
  run(seen: SeenOfRun): void;
  session(session: string): (seen: Seen) => void;
  /** Everyone who watches the same events: the live view. Returns how to stop. */
  watch(watcher: (event: Event) => void): () => void;
  /** Rejects with `WRITE_FAILED` as soon as the journal cannot be written. Never resolves before disposal. */
  readonly broken: Promise<never>;
}
