import type { Event, Header, Seen, SeenOfRun } from '../../history/events.js';

/** Knows the secrets of a run and removes them from what is written. */
export interface Redactor {
  /**
   * Registers a token, a password, a cookie. It is also found percent-encoded, escaped in JSON, and in base64. Texts under
   * 6 characters are not secrets.
   */
  add(secret: string): void;
  /** The text with every known secret, and anything shaped like a JWT, replaced by `[redacted]`. */
  clean(text: string): string;
  /** For streams: secrets are also removed where they lie across two chunks. */
  stream(): { push(chunk: string): string; end(): string };
}

/**
 * Stamps, redacts and journals what is seen. Never holds up or fails those who tell it something. Its disposal writes what
 * is left and closes the file; it is idempotent, and rejects with `WRITE_FAILED` when the history is not whole.
 */
export interface Recorder extends AsyncDisposable {
  /** The wall clock at t = 0 (ISO 8601): the epoch of the header. */
  readonly epoch: string;
  /** ms since the history's epoch. */
  now(): number;
  readonly redactor: Redactor;
  /** Writes the header; once. What was told before follows it. Without a header nothing is written. */
  begin(header: Header): void;
  run(seen: SeenOfRun): void;
  session(session: string): (seen: Seen) => void;
  /** Everyone who watches the same events: the live view. Returns how to stop. A watcher that throws is dropped, and a note says so. */
  watch(watcher: (event: Event) => void): () => void;
  /** Rejects with `WRITE_FAILED` as soon as the journal cannot be written. Never resolves. */
  readonly broken: Promise<never>;
}
