import { OutlastError } from '../base/errors.js';
import { printable } from '../base/printable.js';
import type { Event, Header } from './events.js';
import { historyVersion } from './header.js';
import { inspectEvent, inspectHeader } from './inspect.js';
import { Lines } from './lines.js';
import { SharedTexts } from './sharing.js';
import { isObject } from './shape.js';
import type { Fault } from './shape.js';

/** A longer line is refused: memory stays bounded whatever the file holds. */
export const maxLineBytes = 1024 * 1024;
/** So many kinds that this version does not know are told apart. */
const maxUnknownKinds = 10;

/**
 * Reads a history piece by piece, as it arrives. `name` is what errors call it. `push` and `end` throw `HISTORY_INVALID`,
 * with the line's number, and `HISTORY_VERSION`.
 */
export class HistoryDecoder {
  readonly #name: string;
  readonly #lines = new Lines(maxLineBytes);
  readonly #unknown = new Map<string, number>();
  readonly #shared = new SharedTexts();
  #header: Header | null = null;
  #line = 0;
  #torn = 0;

  constructor(name = 'the history') {
    this.#name = name;
  }

  /** Null until the first line is read. */
  get header(): Header | null {
    return this.#header;
  }

  /** The events that these bytes complete. */
  push(chunk: Uint8Array | string): Event[] {
    const { lines, tooLong } = this.#lines.push(chunk);
    const events = this.#events(lines);
    if (tooLong) {
      this.#line++;
      throw this.#invalid('a line of at most 1 MiB', 'a longer one');
    }
    return events;
  }

  /** No more will come. A last line without its newline counts if it is whole, and is dropped if it is torn. */
  end(): Event[] {
    const { text, bytes } = this.#lines.rest();
    if (this.#header && parsed(text) === undefined) {
      this.#torn = bytes;
      return [];
    }
    const events = this.#events([text]);
    if (this.#header) return events;
    throw new OutlastError(
      'HISTORY_INVALID',
      `expected ${this.#name} to hold a header line and then an event a line, and it is empty`,
    );
  }

  /** What a reader of the verdict should know, in words. */
  notes(): readonly string[] {
    const notes: string[] = [];
    if (this.#unknown.size > 0) {
      const kinds = [...this.#unknown].map(([kind, count]) => `${count} × ${kind}`).join(', ');
      notes.push(`events of kinds that this version does not know were passed over: ${kinds}`);
    }
    if (this.#torn > 0) notes.push(`the last line is torn: ${this.#torn} bytes dropped`);
    return notes;
  }

  #events(lines: readonly string[]): Event[] {
    const events: Event[] = [];
    for (const line of lines) {
      this.#line++;
      // Empty lines are harmless: tools that join files leave them.
      if (line === '' || line === '\r') continue;
      if (!this.#header) this.#header = this.#readHeader(line);
      else {
        const event = this.#readEvent(line);
        if (!event) continue;
        this.#shared.share(event);
        events.push(event);
      }
    }
    return events;
  }

  #readHeader(line: string): Header {
    const value = parsed(line);
    const version = isObject(value) ? value['outlast'] : undefined;
    if (version === undefined) throw this.#invalid('the header of a history ({"outlast":1,…})', quoted(line));
    if (typeof version === 'number' && version !== historyVersion) {
      throw new OutlastError(
        'HISTORY_VERSION',
        `expected ${this.#name} to be of version ${historyVersion}, and it is of version ${version}: judge it with the release of Outlast that knows this version`,
      );
    }
    const inspected = inspectHeader(value);
    if ('fault' in inspected) throw this.#faulty('header', inspected.fault);
    return inspected.header;
  }

  #readEvent(line: string): Event | null {
    const value = parsed(line);
    if (value === undefined) throw this.#invalid('an event as JSON', quoted(line));
    const inspected = inspectEvent(value);
    if ('event' in inspected) return inspected.event;
    if ('fault' in inspected) throw this.#faulty(kindOf(value), inspected.fault);
    const known = printable(inspected.unknownKind, 40);
    const kind = this.#unknown.has(known) || this.#unknown.size < maxUnknownKinds ? known : 'others';
    this.#unknown.set(kind, (this.#unknown.get(kind) ?? 0) + 1);
    return null;
  }

  #faulty(what: string, { path, expected, came }: Fault): OutlastError {
    const where = path === '' ? '' : `${path} of ${what} to be `;
    return this.#invalid(`${where}${expected}`, shown(came));
  }

  #invalid(expected: string, came: string): OutlastError {
    return new OutlastError(
      'HISTORY_INVALID',
      `${this.#name}, line ${this.#line}: expected ${expected}, got ${came}`,
    );
  }
}

/** Undefined for what is not JSON, which has no undefined. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const quoted = (line: string) => `"${printable(line)}"`;

function kindOf(value: unknown): string {
  const kind = isObject(value) ? value['kind'] : undefined;
  return typeof kind === 'string' ? printable(kind, 40) : 'the line';
}

/** Never the whole of what came: it may be deep, huge, or made to deceive a terminal. */
function shown(came: unknown): string {
  if (came === undefined) return 'nothing';
  if (typeof came === 'string') return quoted(came);
  if (Array.isArray(came)) return 'a list';
  return typeof came === 'object' && came !== null ? 'an object' : String(came);
}
