import type { EventOf } from '../../history/events.js';
import { MessageSet } from '../facts/message-set.js';
import type { Names } from '../facts/names.js';
import { isComplete, reads, type Read, type RoomReads } from '../facts/reads.js';
import type { StoredEntries } from '../facts/stored.js';
import { once } from '../once.js';
import { isSamePlace } from './repeats.js';

type Stored = EventOf<'stored'>;

export type Difference =
  'missing' | 'changed' | 'renamed' | 'twice' | 'out of order' | 'shown twice by the paging';

export interface LogDifference {
  readonly room: string;
  readonly is: Difference;
  readonly before: Stored;
  /** Null: it is missing. */
  readonly after: Stored | null;
}

export interface LogDiff {
  /** Entries of the reads before the restart that were compared. */
  readonly compared: number;
  readonly differences: readonly LogDifference[];
  /** Rooms that were read before, and not to their end after. */
  readonly unread: readonly string[];
}

/** What was stored before the restart, compared with what is stored after it. */
export const logDiffOf = once((context): LogDiff => {
  const view = context.facts(reads);
  const rooms = [...view.values()].map((room) => diffIn(room, view.names));
  return {
    compared: rooms.reduce((sum, { compared }) => sum + compared, 0),
    differences: rooms.flatMap(({ differences }) => differences),
    unread: rooms.flatMap(({ unread }) => unread),
  };
});

function diffIn({ room, before, after }: RoomReads, names: Names): LogDiff {
  const old = before.findLast(isComplete);
  const now = after.findLast(isComplete);
  if (!old) return { compared: 0, differences: [], unread: [] };
  if (!now) return { compared: 0, differences: [], unread: [room] };
  const differences = isWithin(old.entries, now.entries, names) ? [] : differencesBetween(room, old, now);
  return { compared: old.entries.length, differences, unread: [] };
}

/** Every entry is there unchanged, each once and in the same order, with others between them or none: as it mostly is. */
function isWithin(old: StoredEntries, now: StoredEntries, names: Names): boolean {
  if (new MessageSet(names).addAll(now) > 0) return false;
  let place = 0;
  for (const before of old) {
    let after = now.at(place++);
    while (after && after.message !== before.message) after = now.at(place++);
    if (!after || before.message === null || differenceOf(before, after, [], false) !== null) return false;
  }
  return true;
}

function differencesBetween(room: string, old: Read, now: Read): LogDifference[] {
  const places = new Map<
    string,
    { readonly entry: Stored; readonly place: number; readonly more: Stored[] }
  >();
  keyed(now.entries).forEach(({ key, entry }, place) => {
    const known = places.get(key);
    if (known) known.more.push(entry);
    else places.set(key, { entry, place, more: [] });
  });
  let furthest = -1;
  return keyed(old.entries).flatMap(({ key, entry: before }): LogDifference[] => {
    const found = places.get(key);
    if (!found) return [{ room, is: 'missing', before, after: null }];
    const isBehind = found.place < furthest;
    furthest = Math.max(furthest, found.place);
    const is = differenceOf(before, found.entry, found.more, isBehind);
    return is === null ? [] : [{ room, is, before, after: found.more[0] ?? found.entry }];
  });
}

function differenceOf(
  before: Stored,
  after: Stored,
  more: readonly Stored[],
  isBehind: boolean,
): Difference | null {
  if (before.digest !== after.digest) return 'changed';
  if (before.id !== after.id || before.position !== after.position) return 'renamed';
  const [again] = more;
  if (again) return isSamePlace(after, again) ? 'shown twice by the paging' : 'twice';
  return isBehind ? 'out of order' : null;
}

/** By message; texts that are not of this run by the target's id, or by what they say. */
function keyed(entries: StoredEntries): { readonly key: string; readonly entry: Stored }[] {
  const times = new Map<string, number>();
  return [...entries].map((entry) => {
    if (entry.message !== null) return { key: `message ${entry.message}`, entry };
    if (entry.id !== undefined) return { key: `id ${entry.id}`, entry };
    const nth = (times.get(entry.digest) ?? 0) + 1;
    times.set(entry.digest, nth);
    return { key: `digest ${entry.digest} ${nth}`, entry };
  });
}
