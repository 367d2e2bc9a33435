import type { EventOf } from '../../history/events.js';
import type { Message } from '../facts/message.js';
import { messages, type Inversion } from '../facts/messages.js';
import { once } from '../once.js';
import type { Context } from '../port.js';

interface Heard {
  readonly message: Message;
  readonly receipt: EventOf<'receive'>;
}

/** Nobody hears what it says itself: of any two messages, one of three readers heard both. */
const references = 3;

/**
 * Where no positions are told: readers of a room who received its messages in another order than those who received most
 * of them. As few as leave all others of one mind: who agrees with the others is not told of beside the odd one.
 */
export const disagreementsOf = once((context): readonly Inversion[] =>
  [...heardByRoom(context, unpositionedIn(context)).values()].flatMap((readers) =>
    oddOnesOf(pairsOf([...readers.values()].sort((one, other) => other.length - one.length))),
  ),
);

type Reading = readonly Heard[];

/** Two readers who do not agree. */
type Pair = readonly [Reading, Reading];

const pairsOf = (all: readonly Reading[]): Pair[] =>
  all
    .slice(0, references)
    .flatMap((one, rank) =>
      all.slice(rank + 1).flatMap((other): Pair[] => (doDisagree(one, other) ? [[one, other]] : [])),
    );

/** What one of them had at one moment it had in any order: both must show it. */
const doDisagree = (one: Reading, other: Reading) =>
  inversionsOf(one, other).length > 0 && inversionsOf(other, one).length > 0;

/** Who disagrees with most, again and again until nobody is left who disagrees with anybody; each as it differs from one other. */
function oddOnesOf(pairs: readonly Pair[]): Inversion[] {
  const found: Inversion[][] = [];
  for (let left = pairs; left.length > 0;) {
    const odd = oddestOf(left);
    const other = left.find((pair) => pair.includes(odd))?.find((one) => one !== odd) ?? [];
    found.push(inversionsOf(other, odd));
    left = left.filter((pair) => !pair.includes(odd));
  }
  return found.flat();
}

/** Of two alike, the one who received less. */
function oddestOf(pairs: readonly Pair[]): Reading {
  const counts = new Map<Reading, number>();
  for (const reading of pairs.flat()) counts.set(reading, (counts.get(reading) ?? 0) + 1);
  return [...counts.keys()].reduce((oddest, one) => {
    const more = (counts.get(one) ?? 0) - (counts.get(oddest) ?? 0);
    return more > 0 || (more === 0 && one.length <= oddest.length) ? one : oddest;
  });
}

/** The rooms in which the one who received most was told no positions. */
function unpositionedIn(context: Context): ReadonlySet<string> {
  const rooms = new Map<string, Map<string, { amount: number; isPositioned: boolean }>>();
  for (const { receipts } of context.facts(messages).messages.values()) {
    for (const [reader, { room, position }] of receipts) {
      const readers = rooms.get(room) ?? new Map<string, { amount: number; isPositioned: boolean }>();
      rooms.set(room, readers);
      const its = readers.get(reader) ?? { amount: 0, isPositioned: false };
      readers.set(reader, its);
      its.amount += 1;
      its.isPositioned ||= position !== undefined;
    }
  }
  return new Set(
    [...rooms].flatMap(([room, readers]) => {
      const [most] = [...readers.values()].sort((one, other) => other.amount - one.amount);
      return most?.isPositioned === false ? [room] : [];
    }),
  );
}

/** By room and reader: what was first received, in the order in which it was. */
function heardByRoom(
  context: Context,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlyMap<string, Heard[]>> {
  const rooms = new Map<string, Map<string, Heard[]>>();
  for (const message of context.facts(messages).messages.values()) {
    for (const [reader, receipt] of message.receipts) {
      if (!wanted.has(receipt.room)) continue;
      const room = rooms.get(receipt.room) ?? new Map<string, Heard[]>();
      rooms.set(receipt.room, room);
      const heard = room.get(reader);
      if (heard) heard.push({ message, receipt });
      else room.set(reader, [{ message, receipt }]);
    }
  }
  for (const heard of [...rooms.values()].flatMap((room) => [...room.values()])) {
    heard.sort((one, other) => one.receipt.t - other.receipt.t);
  }
  return rooms;
}

function inversionsOf(reference: readonly Heard[], heard: readonly Heard[]): Inversion[] {
  const rank = new Map(reference.map(({ message }, index) => [message, index]));
  let front: (Heard & { readonly rank: number }) | null = null;
  const found: Inversion[] = [];
  for (const one of heard) {
    const its = rank.get(one.message);
    if (its === undefined) continue;
    if (!front || its > front.rank) front = { ...one, rank: its };
    else if (one.receipt.t > front.receipt.t) {
      const { message: later, receipt: laterReceipt } = front;
      const { message: earlier, receipt } = one;
      found.push({ reader: receipt.session, by: 'position', earlier, later, laterReceipt, receipt });
    }
  }
  return found;
}
