import { createParser, type EventSourceParser } from 'eventsource-parser';

/** What is read from a `text/event-stream`. */
export interface ReaderEvents {
  /** `id`: the one of this event; null where it has none. */
  event(event: { readonly event: string; readonly id: string | null; readonly data: string }): void;
  /** The last event id is this one now; empty: there is none any more. Told before the event itself. */
  cursor(id: string): void;
  /** How long to wait before coming back, in ms. */
  retry(ms: number): void;
  /** A line that is no field of an event. It changes nothing. */
  strange(line: string): void;
  /** An event is longer than it may be. Nothing is told after that. */
  tooLong(): void;
}

/**
 * Reads an event stream, however it is cut into chunks. Each line is given to eventsource-parser, which knows what fields
 * mean. Lines are split here: the parser says nothing of a block that has an id and no data, and such a block moves the
 * last event id of every browser (HTML, 9.2.6). A stream whose heartbeats carry ids would seem whole here and lose messages there.
 */
export class EventReader {
  readonly #events: ReaderEvents;
  readonly #longest: number;
  readonly #parser: EventSourceParser;
  readonly #decoder = new TextDecoder();
  /** The beginning of a line. */
  #pieces: string[] = [];
  /** Of the event that is being read, in UTF-16 units. */
  #length = 0;
  #endedInReturn = false;
  #id: string | undefined;
  #isOver = false;

  /** `longest`: of an event, in UTF-16 units. */
  constructor(longest: number, events: ReaderEvents) {
    this.#events = events;
    this.#longest = longest;
    this.#parser = createParser({
      onEvent: ({ event = 'message', id = null, data }) => this.#dispatch({ event, id, data }),
      onRetry: (ms) => events.retry(ms),
      onError: ({ type, line = '' }) => {
        if (type === 'unknown-field' || type === 'invalid-retry') events.strange(line);
      },
    });
  }

  feed(chunk: Uint8Array): void {
    const text = this.#decoder.decode(chunk, { stream: true });
    if (text === '' || this.#isOver) return;
    // A return ends a line at once; the line feed of its pair may come in the next chunk.
    const rest = this.#endedInReturn && text.startsWith('\n') ? text.slice(1) : text;
    this.#endedInReturn = text.endsWith('\r');
    const [first = '', ...lines] = rest.split(/\r\n|[\r\n]/);
    this.#pieces.push(first);
    this.#grow(first.length);
    for (const next of lines) {
      const line = this.#pieces.join('');
      this.#pieces = [next];
      this.#line(line);
      this.#grow(next.length);
      if (this.#isOver) return;
    }
  }

  #grow(by: number): void {
    this.#length += by;
    if (this.#isOver || this.#length <= this.#longest) return;
    this.#isOver = true;
    this.#pieces = [];
    this.#events.tooLong();
  }

  #line(line: string): void {
    if (this.#isOver) return;
    this.#id = idIn(line) ?? this.#id;
    this.#parser.feed(`${line}\n`);
    if (line !== '') return;
    this.#length = 0;
    // Dispatched or not: this was the end of a block.
    this.#moveOn();
  }

  #dispatch(event: Parameters<ReaderEvents['event']>[0]): void {
    this.#moveOn();
    this.#events.event(event);
  }

  #moveOn(): void {
    if (this.#id === undefined) return;
    const id = this.#id;
    this.#id = undefined;
    this.#events.cursor(id);
  }
}

/** An id with a zero in it is ignored. Source: HTML, 9.2.6. */
function idIn(line: string): string | undefined {
  if (!line.startsWith('id')) return undefined;
  const id = line === 'id' ? '' : /^id: ?([^]*)$/.exec(line)?.[1];
  return id?.includes('\0') === true ? undefined : id;
}
