import { messageOf, OutlastError } from '../../base/errors.js';
import type { Event, EventOf, Header, Kind, Seen, SeenOfRun } from '../../history/events.js';
import { encodeEvent, encodeHeader, inspectEvent, inspectHeader } from '../../history/index.js';
import type { Inspected } from '../../history/index.js';
import { createClock } from './clock.js';
import type { Clock } from './clock.js';
import { Journal } from './journal.js';
import type { Recorder, Redactor } from './port.js';
import { createRedactor } from './redactor.js';
import { Scrubber } from './scrub.js';
import { watchStalls } from './stalls.js';

export interface RecorderOptions {
  /** Where the history is written. A file that is there already is replaced. */
  readonly file: string;
  /** A clock that begins now, unless told. */
  readonly clock?: Clock;
  /** A new one, unless told. */
  readonly redactor?: Redactor;
}

/** Records one run. It watches for stalls of this program from `begin` on. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new JournalingRecorder(options);
}

class JournalingRecorder implements Recorder {
  readonly redactor: Redactor;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #scrubber: Scrubber;
  readonly #watchers = new Set<(event: Event) => void>();
  readonly #leftOut = new Set<string>();
  /** What was told before the header; null since then. */
  #early: string[] | null = [];
  #stopStalls: () => void = () => undefined;
  #closing: Promise<void> | null = null;

  constructor({ file, clock = createClock(), redactor = createRedactor() }: RecorderOptions) {
    this.#clock = clock;
    this.#journal = new Journal(file);
    this.redactor = redactor;
    this.#scrubber = new Scrubber(redactor);
  }

  get epoch(): string {
    return this.#clock.epoch;
  }

  get broken(): Promise<never> {
    return this.#journal.broken;
  }

  now(): number {
    return this.#clock.now();
  }

  begin(header: Header): void {
    if (!this.#early)
      throw new OutlastError('INTERNAL', 'expected one header for a history, got a second one');
    const inspected = inspectHeader(header);
    if ('fault' in inspected) {
      const { path, expected } = inspected.fault;
      throw new OutlastError('INTERNAL', `expected ${path} of the history's header to be ${expected}`);
    }
    this.#journal.append(encodeHeader(this.#scrubber.header(header)));
    for (const line of this.#early) this.#journal.append(line);
    this.#early = null;
    this.#stopStalls = watchStalls(this.#clock, (ms) => {
      this.run({ kind: 'stall', ms });
    });
  }

  run(seen: SeenOfRun): void {
    const { t, ...rest } = seen;
    this.#record({ t: this.#time(t), ...rest });
  }

  session(session: string): (seen: Seen) => void {
    return (seen) => {
      const { t: told, ...rest } = seen;
      const t = this.#time(told);
      if (!this.#record({ t, session, ...rest })) return;
      this.#record({ t, session, conn: rest.conn, kind: 'leak', where: placeOf(rest.kind) });
    };
  }

  watch(watcher: (event: Event) => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stopStalls();
    this.#closing ??= this.#journal.close();
    return this.#closing;
  }

  #time(told: number | undefined): number {
    return told !== undefined && Number.isFinite(told) ? told : this.#clock.now();
  }

  /** Was there a secret in it? */
  #record(told: object): boolean {
    if (this.#closing) return false;
    const inspected = inspectEvent(told);
    if (!('event' in inspected)) {
      this.#leaveOut(told, inspected);
      return false;
    }
    const { event, leaked } = this.#scrubber.event(inspected.event);
    const line = encodeEvent(event);
    if (this.#early) this.#early.push(line);
    else this.#journal.append(line);
    this.#show(event);
    return leaked;
  }

  /** A client that is not ours may tell anything; what no reader could read is not written, and this is said once each. */
  #leaveOut(told: object, why: Exclude<Inspected, { event: Event }>): void {
    const kind = 'kind' in told ? String(told.kind) : 'no kind';
    const reason =
      'fault' in why ? `expected ${why.fault.path} to be ${why.fault.expected}` : 'there is no such kind';
    const text = `events of kind ${kind} were left out of this history: ${reason}`;
    if (this.#leftOut.has(text)) return;
    this.#leftOut.add(text);
    this.run({ kind: 'note', text });
  }

  #show(event: Event): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(event);
      } catch (error) {
        this.#watchers.delete(watcher);
        this.run({ kind: 'note', text: `a watcher failed and is not told any more: ${messageOf(error)}` });
      }
    }
  }
}

/** Where the target said it. */
function placeOf(kind: Kind): EventOf<'leak'>['where'] {
  if (kind === 'close') return 'close';
  return kindsOfErrors.has(kind) ? 'error' : 'frame';
}

const kindsOfErrors: ReadonlySet<Kind> = new Set([
  'sign-in',
  'refused',
  'nack',
  'unsure',
  'unoffered',
  'read-end',
  'record-unread',
]);
