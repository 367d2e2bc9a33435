import type { EventOf } from '../../history/events.js';
import { connections, type Lasting, type Line } from '../facts/connections.js';
import { firstAckAt, firstAttemptAt, type Message } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { seatsOf } from '../facts/seats.js';
import { timeline } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { canariesOf } from './canaries.js';
import {
  absenceNear,
  absenceOver,
  absencesOf,
  hadSurelyGone,
  isReplayOwed,
  type Absence,
} from './absences.js';

/** An owed message that did not arrive at one reader. */
export interface Miss {
  readonly message: Message;
  readonly room: string;
  readonly reader: string;
  /**
   * `lost`: the reader later received a canary in that room, so it was listening. `unproven`: it did not, so it may have
   * been deaf. `unclear`: the limit of the replay window, or the promise, lies between the bounds of its absence.
   */
  readonly is: 'lost' | 'unproven' | 'unclear';
  /** The reader was away and back before anything was restarted: the target's everyday behaviour. */
  readonly withoutRestart: boolean;
  /** The absence that it fell into; null: the reader was there. */
  readonly absence: Absence | null;
  /** The canary that shows that the reader was listening afterwards. */
  readonly canary: EventOf<'receive'> | null;
}

export interface Deliveries {
  /** Acknowledged messages that somebody was owed. */
  readonly messages: number;
  /** Pairs of such a message and a reader who was owed it. */
  readonly owed: number;
  readonly misses: readonly Miss[];
}

/** One reader in one room. */
interface Reader {
  readonly line: Line;
  readonly room: string;
  readonly stays: readonly Lasting[];
  readonly absences: readonly Absence[];
  /** The canaries that it received there. */
  readonly canaries: EventOf<'receive'>[];
}

/** Who was owed what, and what of it did not arrive. Source: semantics, "Who is owed what" and "lost". */
export const deliveriesOf = once((context): Deliveries => {
  const ledger = context.facts(messages);
  const rooms = readersByRoom(context);
  const misses: Miss[] = [];
  let [amount, owed] = [ledger.retired.count(), ledger.retired.deliveries()];
  for (const message of ledger.messages.values()) {
    const ackAt = firstAckAt(message);
    if (!message.send || ackAt === null) continue;
    const readers = (rooms.get(message.send.room) ?? []).filter((reader) => wasThere(reader, message, ackAt));
    const found = readers.flatMap((reader) => missOf(context, reader, message, ackAt));
    const owing = readers.length - found.filter((miss) => miss === 'excused').length;
    owed += owing;
    amount += owing > 0 ? 1 : 0;
    misses.push(...found.filter((miss) => miss !== 'excused'));
  }
  return { messages: amount, owed, misses };
});

/** It had joined before the first attempt, and had not begun to leave by the acknowledgement. */
function wasThere({ line, stays }: Reader, message: Message, ackAt: number): boolean {
  if (line.session === message.sender) return false;
  const sentAt = firstAttemptAt(message);
  return stays.some(({ from, to }) => from < sentAt && (to ?? Infinity) > ackAt);
}

function missOf(context: Context, reader: Reader, message: Message, ackAt: number): (Miss | 'excused')[] {
  const { line, room, absences, canaries } = reader;
  if (message.receipts.has(line.session)) return [];
  const absence = absenceOver(absences, message) ?? absenceNear(absences, message);
  const replay = absence ? isReplayOwed(context, absence, room) : 'yes';
  if (absence && replay === 'no' && hadSurelyGone(absence, message)) return ['excused'];
  const canary = canaries.find(({ t }) => t > ackAt) ?? null;
  const is = !canary ? 'unproven' : replay === 'yes' ? 'lost' : 'unclear';
  const begin = context.facts(timeline).disruptions[0]?.beginAt ?? Infinity;
  const withoutRestart = absence !== null && absence.endedAtMost < begin;
  return [{ message, room, reader: line.session, is, withoutRestart, absence, canary }];
}

function readersByRoom(context: Context): ReadonlyMap<string, readonly Reader[]> {
  const seats = seatsOf(context.header);
  const rooms = new Map<string, Reader[]>();
  for (const line of context.facts(connections).values()) {
    if (!seats.isResident(line.session)) continue;
    for (const [room, stays] of line.stays) {
      const absences = absencesOf(line, room);
      const reader = { line, room, stays, absences, canaries: [] };
      rooms.set(room, [...(rooms.get(room) ?? []), reader]);
    }
  }
  noteCanaries(context, rooms);
  return rooms;
}

function noteCanaries(context: Context, rooms: ReadonlyMap<string, readonly Reader[]>): void {
  for (const { send, sender, receipts } of canariesOf(context)) {
    for (const reader of rooms.get(send?.room ?? '') ?? []) {
      const receipt = receipts.get(reader.line.session);
      if (receipt && reader.line.session !== sender) reader.canaries.push(receipt);
    }
  }
}
