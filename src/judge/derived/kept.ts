import type { MessageId } from '../../history/events.js';
import { firstAckAt, type Message } from '../facts/message.js';
import type { Intervals } from '../facts/intervals.js';
import { messages } from '../facts/messages.js';
import { MessageSet } from '../facts/message-set.js';
import { unnumbered } from '../facts/names.js';
import { isCold, isComplete, reads, type Read, type RoomReads } from '../facts/reads.js';
import { seatsOf } from '../facts/seats.js';
import type { StoredEntries } from '../facts/stored.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { acknowledgedOf } from './acknowledged.js';

/** Acknowledged before a complete cold read began, and not in it. */
export interface Vanished {
  readonly id: MessageId;
  readonly room: string;
  /** Null: so old that only its number is remembered. */
  readonly message: Message | null;
  readonly read: Read;
}

export interface Kept {
  /** Acknowledged messages that a complete cold read could show. */
  readonly judged: number;
  readonly vanished: readonly Vanished[];
  /** Rooms in which a newcomer was to read everything, and no cold read came to its end. */
  readonly unread: readonly string[];
  /** Stored texts with a damaged identity: some of what vanished may be among them. */
  readonly damaged: number;
}

/** What of the acknowledged the target still stores. Source: semantics, "vanished" and "newcomer". */
export const keptOf = once((context): Kept => {
  const byRoom = acknowledgedOf(context);
  const rooms = new Set([...byRoom.keys(), ...context.facts(messages).retired.rooms()]);
  const kept = [...rooms].map((room) => keptIn(context, room, byRoom.get(room) ?? []));
  return {
    judged: kept.reduce((sum, { judged }) => sum + judged, 0),
    vanished: kept.flatMap(({ vanished }) => vanished),
    unread: kept.flatMap(({ unread }) => unread),
    damaged: kept.reduce((sum, { damaged }) => sum + damaged, 0),
  };
});

/** A read in which what is missing is really missing: the last that was cold and came to its end. */
function proofIn(room: RoomReads | undefined): Read | undefined {
  return room?.after.findLast((read) => isCold(read) && isComplete(read));
}

function keptIn(context: Context, room: string, acknowledged: readonly Message[]): Kept {
  const its = context.facts(reads).get(room);
  const read = proofIn(its);
  const isPlanned = seatsOf(context.header)
    .withRole('newcomer')
    .some(({ rooms }) => rooms.includes(room));
  if (!its || !read) return { judged: 0, vanished: [], unread: isPlanned ? [room] : [], damaged: 0 };
  // A replica may lag behind: what any read shows is there.
  const there = new MessageSet(context.facts(reads).names);
  for (const { entries } of its.after) there.addAll(entries);
  const judged = acknowledged.filter((message) => (firstAckAt(message) ?? Infinity) < read.begin.t);
  const vanished = judged
    .filter(({ id }) => !there.has(id))
    .map((message): Vanished => ({ id: message.id, room, message, read }));
  const old = context.facts(messages).retired.inRoom(room);
  const gone = goneOf(old, there).map((id): Vanished => ({ id, room, message: null, read }));
  const damaged = its.after.reduce((sum, { entries }) => sum + damagedAmong(entries), 0);
  const amount = [...old.values()].reduce((sum, { size }) => sum + size, judged.length);
  return { judged: amount, vanished: [...gone, ...vanished], unread: [], damaged };
}

/** The ids of what is remembered by its numbers, and not there. */
function goneOf(old: ReadonlyMap<string, Intervals>, there: MessageSet): MessageId[] {
  const gone: MessageId[] = [];
  for (const [sender, numbers] of old) {
    for (const number of numbers)
      if (!there.hasNumber(sender, number)) gone.push(there.messageOf(sender, number));
  }
  return gone;
}

function damagedAmong(entries: StoredEntries): number {
  let damaged = 0;
  for (let place = 0; place < entries.length; place++) {
    if (entries.keyAt(place) === unnumbered && entries.at(place)?.damaged) damaged += 1;
  }
  return damaged;
}
