import type { EventOf, MessageId } from '../../history/events.js';
import { connections, type Joining, type Line } from '../facts/connections.js';
import { isBefore } from '../facts/message.js';
import { messages, type Listed, type Repeat } from '../facts/messages.js';
import { MessageSet } from '../facts/message-set.js';
import type { Names } from '../facts/names.js';
import { reads, type Read } from '../facts/reads.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { isElsewhere, isSentAgain, takenForNewOf, type TakenForNew } from './taken-for-new.js';

/** Why a repeat is the target's fault, and not what the client asked for. */
export type Fault = 'same-connection' | 'not-after-cursor' | 'ghost-twin' | 'another-place';

export interface Duplicate {
  readonly repeat: Repeat;
  readonly fault: Fault;
}

/** One message at two places of one read, under two ids or positions. */
export interface StoredTwice {
  readonly message: MessageId;
  readonly room: string;
  readonly entries: readonly [EventOf<'stored'>, EventOf<'stored'>];
}

export interface Duplicates {
  /** Sent again under the same id, and taken for new messages by a target that promises not to. */
  readonly takenForNew: readonly TakenForNew[];
  /** Without the second copies of what was taken for new. */
  readonly received: Listed<Duplicate>;
  /** Repeats that the client asked for by the cursor that it sent, or by sending none. */
  readonly askedFor: number;
  readonly stored: readonly StoredTwice[];
}

/** What came twice, and whose fault it was. Source: semantics, "duplicated". */
export const duplicatesOf = once((context): Duplicates => {
  const taken = takenForNewOf(context);
  const received = new Received(context, taken);
  const { askedFor } = received;
  return { takenForNew: [...taken.values()], received, askedFor, stored: storedTwice(context) };
});

/** What of the repeats is not the second copy of what was taken for new. */
class Received implements Listed<Duplicate> {
  readonly length: number;
  readonly askedFor: number;

  constructor(
    private readonly context: Context,
    private readonly taken: ReadonlyMap<MessageId, TakenForNew>,
  ) {
    let [length, askedFor] = [0, 0];
    for (const { fault } of this.#all()) {
      if (fault === null) askedFor += 1;
      else length += 1;
    }
    this.length = length;
    this.askedFor = askedFor;
  }

  *#all(): Generator<{ readonly repeat: Repeat; readonly fault: Fault | null }> {
    for (const repeat of this.context.facts(messages).repeats) {
      if (this.taken.has(repeat.again.message ?? '') && isElsewhere(repeat)) continue;
      yield { repeat, fault: faultOf(this.context, repeat) };
    }
  }

  *[Symbol.iterator](): Generator<Duplicate> {
    for (const { repeat, fault } of this.#all()) if (fault !== null) yield { repeat, fault };
  }
}

function faultOf(context: Context, repeat: Repeat): Fault | null {
  const { first, again } = repeat;
  const lines = context.facts(connections);
  const line = lines.get(again.session);
  if (first && isOneConnection(line, first, again)) return 'same-connection';
  const current = line?.connections.find(({ number }) => number === again.conn);
  const joining = current?.joins.get(again.room);
  const cursor = joining?.cursor;
  if (joining && isNotAfter(repeat, joining)) return 'not-after-cursor';
  const earlier = line?.connections.find(({ number }) => number === first?.conn);
  if (earlier !== undefined && (earlier.close?.t ?? Infinity) > again.t) return 'ghost-twin';
  return cursor !== undefined && isUnasked(context, repeat) ? 'another-place' : null;
}

/** A new place for what the reader has. Without idempotency, a sender that sends again asks for a second message. */
function isUnasked(context: Context, repeat: Repeat): boolean {
  const message = context.facts(messages).messages.get(repeat.again.message ?? '');
  return message !== undefined && !isSentAgain(message) && isElsewhere(repeat);
}

/** Where connections are not numbered: none was opened in between. */
function isOneConnection(
  line: Line | undefined,
  first: EventOf<'receive'>,
  again: EventOf<'receive'>,
): boolean {
  if (first.conn !== undefined && again.conn !== undefined) return first.conn === again.conn;
  return !line?.connections.some(({ ready }) => ready !== null && ready.t > first.t && ready.t <= again.t);
}

/** Positions that are no numbers do not compare: what was read before such a cursor was sent is not after it. */
function isNotAfter({ first, again: { position } }: Repeat, { cursor, askedAt }: Joining): boolean {
  if (cursor === undefined || position === undefined) return false;
  return position === cursor || (isBefore(position, cursor) ?? (first === null || first.t < askedAt));
}

/** In the latest read of each room that shows any. */
function storedTwice(context: Context): StoredTwice[] {
  const view = context.facts(reads);
  return [...view.values()].flatMap(({ before, after }) => {
    const found = [...after, ...before].map((read) => twiceIn(read, view.names));
    return found.find((twice) => twice.length > 0) ?? [];
  });
}

function twiceIn({ begin, entries }: Read, names: Names): StoredTwice[] {
  if (new MessageSet(names).addAll(entries) === 0) return [];
  const seen = new Map<MessageId, EventOf<'stored'>>();
  return [...entries].flatMap((entry) => {
    if (entry.message === null) return [];
    const first = seen.get(entry.message);
    if (!first) seen.set(entry.message, entry);
    if (!first || isSamePlace(first, entry)) return [];
    return [{ message: entry.message, room: begin.room, entries: [first, entry] as const }];
  });
}

/** The same entry shown twice is a fault of the paging, not a second copy. */
export function isSamePlace(one: EventOf<'stored'>, other: EventOf<'stored'>): boolean {
  const isNamed = one.id !== undefined || one.position !== undefined;
  return isNamed && one.id === other.id && one.position === other.position;
}
