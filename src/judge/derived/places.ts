import type { Event, EventOf, MessageId } from '../../history/events.js';
import { isWhole } from '../facts/digits.js';
import { numberIn, type Message } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { rememberedOf } from './remembered.js';

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
  const ids = new Reuses('id', () => false);
  const positions = new Reuses('position', (room, position) => {
    const number = numberIn(position);
    return number !== null && retired.positionsIn(room).has(number);
  });
  for (const sighting of sightingsOf(context)) {
    ids.see(sighting);
    positions.see(sighting);
  }
  return [...ids.found, ...positions.found].length === 0 ? [] : withFirst(context, [ids, positions]);
});

/** Messages that were told one place and are stored at another. */
export const movedOf = once((context): readonly Moved[] => {
  const suspects = suspectsOf(context);
  const byMessage = new Map<MessageId, Sighting[]>();
  if (suspects.size === 0) return [];
  for (const sighting of sightingsOf(context)) {
    if (!suspects.has(sighting.message)) continue;
    const known = byMessage.get(sighting.message);
    if (known) known.push(sighting);
    else byMessage.set(sighting.message, [sighting]);
  }
  return [...byMessage.values()].flatMap((sightings) => movedAmong(sightings) ?? []);
});

/** Those of which some entry shows another place than was told: all others are where they were said to be. */
function suspectsOf(context: Context): ReadonlySet<MessageId> {
  const all = context.facts(messages).messages;
  const suspects = new Set<MessageId>();
  for (const stored of storedSightings(context)) {
    const message = all.get(stored.message);
    const isMoved = (live: Sighting) =>
      isElsewhere(live, [stored], 'position') || isElsewhere(live, [stored], 'id');
    if (message && liveSightings(message).some(isMoved)) suspects.add(message.id);
  }
  return suspects;
}

/** Where one room's numbers, or ids, were first seen. */
interface Holders {
  /** The message that each was first seen with; null: one that is remembered by its number alone. */
  readonly first: Map<string | number, MessageId | null>;
  /** Those that are told of. */
  readonly told: Set<string>;
}

type Found = Omit<Reuse, 'first'> & { readonly holder: MessageId | null };

class Reuses {
  readonly found: Found[] = [];
  readonly #holders = new Map<string, Holders>();

  constructor(
    readonly by: Reuse['by'],
    private readonly isRetired: (room: string, position: string) => boolean,
  ) {}

  see(sighting: Sighting): void {
    const { room, event, message } = sighting;
    const position = event[this.by];
    if (position === undefined) return;
    let its = this.#holders.get(room);
    if (!its) this.#holders.set(room, (its = { first: new Map(), told: new Set() }));
    // There may be millions, and a number weighs less than a text.
    const place = isWhole(position) ? Number(position) : position;
    const known = its.first.get(place);
    const holder = known ?? (known === undefined && !this.isRetired(room, position) ? message : null);
    if (known === undefined) its.first.set(place, holder);
    if (holder === message || its.told.has(position)) return;
    its.told.add(position);
    this.found.push({ room, by: this.by, position, holder, second: sighting });
  }
}

/** With the event that first showed each: it is looked for only where it is needed. */
function withFirst(context: Context, all: readonly Reuses[]): readonly Reuse[] {
  const found = all.flatMap((one) => one.found);
  const wanted = new Map(found.map((one) => [placeOf(one), one.holder]));
  const first = new Map<string, Sighting>();
  for (const sighting of sightingsOf(context)) {
    for (const { by } of all) {
      const place = placeOf({ room: sighting.room, by, position: sighting.event[by] ?? '' });
      if (wanted.get(place) === sighting.message && !first.has(place)) first.set(place, sighting);
    }
  }
  return found.map(({ room, by, position, second }) => {
    return { room, by, position, first: first.get(placeOf({ room, by, position })) ?? null, second };
  });
}

const placeOf = ({ room, by, position }: Pick<Reuse, 'room' | 'by' | 'position'>) =>
  JSON.stringify([room, by, position]);

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

/** Live ones first. Made anew each time: where nothing is as it should be there are many times as many as messages. */
function* sightingsOf(context: Context): Generator<Sighting> {
  for (const message of context.facts(messages).messages.values()) yield* liveSightings(message);
  yield* storedSightings(context);
}

/** Of what is remembered by its number alone, nothing can be compared. */
function* storedSightings(context: Context): Generator<Sighting> {
  const { messages: all, retired } = context.facts(messages);
  const areAllKnown = retired.count() === 0;
  for (const { room, stored, event } of rememberedOf(context)) {
    const { message } = event;
    if (message !== null && (areAllKnown || all.has(message))) yield { message, room, stored, event };
  }
}

/** A receipt in another room than the message was sent to is a leak, and says nothing about places. */
function liveSightings({ id: message, send, acks, receipts }: Message): Sighting[] {
  const room = send?.room ?? [...receipts.values()][0]?.room;
  if (room === undefined) return [];
  const events = [...acks, ...[...receipts.values()].filter((receipt) => receipt.room === room)];
  return events.map((event) => ({ message, room, stored: null, event }));
}
