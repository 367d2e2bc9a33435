import type { EventOf, MessageId } from '../../history/events.js';
import { connections, type Connections, type Line } from '../facts/connections.js';
import { isBefore } from '../facts/message.js';
import { messages, type Repeat } from '../facts/messages.js';
import { reads, type Read } from '../facts/reads.js';
import { once } from '../once.js';
import type { Context } from '../port.js';

/** Why a repeat is the target's fault, and not what the client asked for. */
export type Fault = 'same-connection' | 'not-after-cursor' | 'ghost-twin';

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
  readonly received: readonly Duplicate[];
  /** Repeats that the client asked for by the cursor that it sent, or by sending none. */
  readonly askedFor: number;
  readonly stored: readonly StoredTwice[];
}

/** What came twice, and whose fault it was. Source: semantics, "duplicated". */
export const duplicatesOf = once((context): Duplicates => {
  const { repeats } = context.facts(messages);
  const lines = context.facts(connections);
  const received = repeats.flatMap((repeat): Duplicate[] => {
    const fault = faultOf(lines, repeat);
    return fault === null ? [] : [{ repeat, fault }];
  });
  return { received, askedFor: repeats.length - received.length, stored: storedTwice(context) };
});

function faultOf(lines: Connections, { first, again }: Repeat): Fault | null {
  const line = lines.get(again.session);
  if (first && isOneConnection(line, first, again)) return 'same-connection';
  const current = line?.connections.find(({ number }) => number === again.conn);
  const cursor = current?.joins.get(again.room)?.cursor;
  if (cursor !== undefined && isNotAfter(again.position, cursor)) return 'not-after-cursor';
  const earlier = line?.connections.find(({ number }) => number === first?.conn);
  return earlier !== undefined && (earlier.close?.t ?? Infinity) > again.t ? 'ghost-twin' : null;
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

const isNotAfter = (position: string | undefined, cursor: string) =>
  position === cursor || isBefore(position, cursor) === true;

/** In the latest read of each room that shows any. */
function storedTwice(context: Context): StoredTwice[] {
  return [...context.facts(reads).values()].flatMap(({ before, after }) => {
    const found = [...after, ...before].map(twiceIn);
    return found.find((twice) => twice.length > 0) ?? [];
  });
}

function twiceIn({ begin, entries }: Read): StoredTwice[] {
  const seen = new Map<MessageId, EventOf<'stored'>>();
  return entries.flatMap((entry) => {
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
