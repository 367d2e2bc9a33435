import type { Event, EventOf, MessageId } from '../../history/events.js';
import type { Message } from '../facts/message.js';
import { numberIn } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { once } from '../once.js';
import { rememberedOf, type StoredSighting } from './remembered.js';

/** Where a message was said to be: the target's own id of it, and its number in its room. */
interface Sighting {
  readonly message: MessageId;
  readonly room: string;
  /** In a read of which side it was seen; null: live. */
  readonly stored: 'before' | 'after' | null;
  readonly event: EventOf<'ack' | 'receive' | 'stored'>;
}

/** One position of a room, or one server id, that was given to two messages. */
export interface Reuse {
  readonly room: string;
  readonly by: 'position' | 'id';
  readonly position: string;
  /** Null: a message so old that only the position is remembered. */
  readonly first: { readonly message: MessageId; readonly event: Event } | null;
  readonly second: { readonly message: MessageId; readonly event: Event };
}

/** A message whose live id or position is not the one under which it is stored. */
export interface Moved {
  readonly message: MessageId;
  readonly room: string;
  readonly live: Event;
  readonly stored: Event;
}

/** Positions and ids that name two messages. */
export const reusesOf = once((context): readonly Reuse[] => {
  const { retired } = context.facts(messages);
  const all = sightingsOf(context);
  return [
    ...reuses(all, 'id', () => false),
    ...reuses(all, 'position', (room, position) => {
      const number = numberIn(position);
      return number !== null && retired.positionsIn(room).has(number);
    }),
  ];
});

/** Messages that were told one place and are stored at another. */
export const movedOf = once((context): readonly Moved[] => {
  const byMessage = new Map<MessageId, Sighting[]>();
  for (const sighting of sightingsOf(context)) {
    const known = byMessage.get(sighting.message);
    if (known) known.push(sighting);
    else byMessage.set(sighting.message, [sighting]);
  }
  return [...byMessage.values()].flatMap((sightings) => movedAmong(sightings) ?? []);
});

/** The first that was seen at a position, and whether the position was told of since. */
interface Holder {
  readonly first: Sighting;
  isFound: boolean;
}

function reuses(
  all: readonly Sighting[],
  by: Reuse['by'],
  isRetired: (room: string, position: string) => boolean,
): Reuse[] {
  const holders = new Map<string, Map<string, Holder>>();
  const found: Reuse[] = [];
  for (const sighting of all) {
    const { room, event } = sighting;
    const position = event[by];
    if (position === undefined) continue;
    let its = holders.get(room);
    if (!its) holders.set(room, (its = new Map<string, Holder>()));
    let holder = its.get(position);
    const isOther = holder ? holder.first.message !== sighting.message : isRetired(room, position);
    if (isOther && !holder?.isFound) {
      found.push({ room, by, position, first: holder?.first ?? null, second: sighting });
    }
    if (!holder) its.set(position, (holder = { first: sighting, isFound: false }));
    holder.isFound ||= isOther;
  }
  return found;
}

/** What counts is where it is stored now; the read before the restart speaks only where there is no other. */
function movedAmong(sightings: readonly Sighting[]): Moved | null {
  const after = sightings.filter(({ stored }) => stored === 'after');
  const stored = after.length > 0 ? after : sightings.filter((sighting) => sighting.stored === 'before');
  const [at] = stored;
  if (!at) return null;
  const live = sightings.find(
    (one) => one.stored === null && (isElsewhere(one, stored, 'position') || isElsewhere(one, stored, 'id')),
  );
  return live ? { message: at.message, room: at.room, live: live.event, stored: at.event } : null;
}

function isElsewhere(live: Sighting, stored: readonly Sighting[], by: Reuse['by']): boolean {
  const places = stored.map(({ event }) => event[by]).filter((place) => place !== undefined);
  const place = live.event[by];
  return place !== undefined && places.length > 0 && !places.includes(place);
}

const sightingsOf = once((context): readonly Sighting[] => {
  const { messages: all, retired } = context.facts(messages);
  const live = [...all.values()].flatMap(liveSightings);
  const stored = rememberedOf(context).flatMap(storedSighting);
  // Of what is remembered by its number alone, nothing can be compared.
  return [...live, ...stored.filter(({ message }) => retired.count() === 0 || all.has(message))];
});

function storedSighting({ room, stored, event }: StoredSighting): Sighting[] {
  return event.message === null ? [] : [{ message: event.message, room, stored, event }];
}

/** A receipt in another room than the message was sent to is a leak, and says nothing about places. */
function liveSightings({ id: message, send, acks, receipts }: Message): Sighting[] {
  const room = send?.room ?? [...receipts.values()][0]?.room;
  if (room === undefined) return [];
  const events = [...acks, ...[...receipts.values()].filter((receipt) => receipt.room === room)];
  return events.map((event) => ({ message, room, stored: null, event }));
}
