import type { Event, EventOf } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';
import { Names } from './names.js';
import { StoredList, type StoredEntries } from './stored.js';

/** One reading of what the target stores of a room, from its beginning. */
export interface Read {
  readonly begin: EventOf<'read'>;
  /** In the order in which they were read. */
  readonly entries: StoredEntries;
  /** Null: it did not come to its end. */
  readonly end: EventOf<'read-end'> | null;
}

/** What was read of one room, in order. What the target stores is held as often as it was read. */
export interface RoomReads {
  readonly room: string;
  readonly before: readonly Read[];
  readonly after: readonly Read[];
}

/** By room. */
export interface Reads extends ReadonlyMap<string, RoomReads> {
  /** What the numbers of its entries stand for. */
  readonly names: Names;
}

type OpenRead = { begin: EventOf<'read'>; entries: StoredList; end: EventOf<'read-end'> | null };

export const reads: Projection<Reads> = {
  id: 'reads',
  kinds: ['read', 'stored', 'read-end'],
  start: ({ run }) => new ReadsFold(new Names(run)),
};

class ReadsView extends Map<string, RoomReads & { before: OpenRead[]; after: OpenRead[] }> implements Reads {
  constructor(readonly names: Names) {
    super();
  }
}

class ReadsFold implements Accumulator<Reads> {
  readonly view: ReadsView;
  readonly #open = new Map<string, OpenRead>();

  constructor(names: Names) {
    this.view = new ReadsView(names);
  }

  see(event: Event): void {
    if (event.kind === 'read') this.#begin(event);
    else if (event.kind === 'stored') this.#open.get(key(event))?.entries.add(event);
    else if (event.kind === 'read-end') {
      const read = this.#open.get(key(event));
      if (read) read.end = event;
      this.#open.delete(key(event));
    }
  }

  #begin(begin: EventOf<'read'>): void {
    const read = { begin, entries: new StoredList(begin, this.view.names), end: null };
    this.#open.set(key(begin), read);
    const room = this.view.get(begin.room) ?? { room: begin.room, before: [], after: [] };
    room[begin.at].push(read);
    this.view.set(begin.room, room);
  }
}

const key = ({ session, read }: { readonly session: string; readonly read: string }) => `${session} ${read}`;

/** All reads of all rooms, those before the restart first. */
export const allReads = (view: Reads): Read[] =>
  [...view.values()].flatMap(({ before, after }) => [...before, ...after]);

/** Paged to the end, and no entry of it was lost on the way to us: only such a read proves that something is absent. */
export const isComplete = (read: Read): boolean =>
  read.end?.ok === true && read.end.count === read.entries.length;

/** A read of a session that was never connected: no surviving client can have repaired what it sees. */
export const isCold = (read: Read): boolean => read.begin.cold;
