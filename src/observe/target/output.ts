import { stripVTControlCharacters } from 'node:util';
import { printable } from '../../base/printable.js';

/** Removes secrets from a stream, also where they lie across two chunks. */
export interface Redaction {
  push(chunk: string): string;
  end(): string;
}

const keptLines = 200;
const longestLine = 400;

/** What one service prints: passed on redacted, and its last lines kept for errors. */
export class Output {
  #lines: string[] = [];
  #begun = '';
  #redaction: Redaction;

  constructor(
    private readonly redact: () => Redaction,
    private readonly tell: (text: string) => void,
  ) {
    this.#redaction = redact();
  }

  push(chunk: string): void {
    this.#keep(this.#redaction.push(chunk));
  }

  /** Tells what was held back because it might have been the beginning of a secret. */
  flush(): void {
    const rest = this.#redaction;
    this.#redaction = this.redact();
    this.#keep(rest.end());
  }

  /** The last lines, the unfinished one too, without colours and control characters. */
  lastLines(count: number): readonly string[] {
    this.flush();
    const all = this.#begun === '' ? this.#lines : [...this.#lines, this.#begun];
    return all.slice(-count).map((line) => printable(stripVTControlCharacters(line.trimEnd()), longestLine));
  }

  #keep(text: string): void {
    if (text === '') return;
    this.tell(text);
    const lines = (this.#begun + text).split('\n');
    // A service that never ends its line must not fill our memory.
    this.#begun = (lines.pop() ?? '').slice(0, 4 * longestLine);
    this.#lines = [...this.#lines, ...lines.map((line) => line.slice(0, 4 * longestLine))].slice(-keptLines);
  }
}
