import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { messageOf, OutlastError } from '../../base/errors.js';

/** What a crash of this program may lose, in ms. */
const everyMs = 20;
/** So many characters are written at once without waiting for the time. */
const batch = 512 * 1024;
/** A file that falls behind by so many characters is given up: those who append are never held up, and memory is finite. */
const mostWaiting = 128 * 1024 * 1024;

/**
 * Appends lines to a file in the background. `append` never waits and never throws: a file that cannot be written is told
 * by `broken`, which rejects with `WRITE_FAILED`, and by `close`.
 */
export class Journal {
  readonly broken: Promise<never>;
  readonly #file: string;
  readonly #mostWaiting: number;
  #break: (error: OutlastError) => void = () => undefined;
  #failure: OutlastError | null = null;
  #handle: FileHandle | null = null;
  #waiting: string[] = [];
  #characters = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #closed = false;

  /** Nothing is touched before the first line. */
  constructor(file: string, limits: { readonly mostWaiting?: number } = {}) {
    this.#file = file;
    this.#mostWaiting = limits.mostWaiting ?? mostWaiting;
    this.broken = new Promise<never>((_, reject) => {
      this.#break = reject;
    });
    // Whoever does not ask is told by `close`.
    this.broken.catch(() => undefined);
  }

  append(line: string): void {
    if (this.#closed || this.#failure) return;
    this.#waiting.push(line);
    this.#characters += line.length;
    if (this.#characters > this.#mostWaiting) {
      this.#fail(`the disk is too slow, ${this.#characters} characters are waiting for it`);
    } else this.#schedule();
  }

  /** Writes what is waiting and closes the file. Rejects with `WRITE_FAILED` when the journal is not whole. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    while (this.#characters > 0) await this.#flush();
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close().catch((error: unknown) => this.#fail(messageOf(error)));
    if (this.#failure) throw this.#failure;
  }

  #schedule(): void {
    if (this.#writing) return;
    if (this.#characters >= batch) void this.#flush();
    else if (this.#characters > 0) this.#timer ??= setTimeout(() => void this.#flush(), everyMs);
  }

  /** One at a time; never rejects. */
  async #flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing ??= this.#write(this.#waiting.join('')).then(() => {
      this.#writing = null;
      if (!this.#closed) this.#schedule();
    });
    await this.#writing;
  }

  async #write(text: string): Promise<void> {
    this.#waiting = [];
    this.#characters = 0;
    try {
      this.#handle ??= await open(this.#file, 'w');
      await this.#handle.appendFile(text);
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  #fail(reason: string): void {
    this.#failure ??= new OutlastError(
      'WRITE_FAILED',
      `expected to write the history to ${this.#file}, and could not: ${reason}; look at the folder and at the space that is left`,
    );
    this.#waiting = [];
    this.#characters = 0;
    this.#break(this.#failure);
  }
}
