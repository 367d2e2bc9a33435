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
 * Where no positions are told: readers of a room who received its messages in another order than one of those who
 * received most of them.
 */
export const disagreementsOf = once((context): readonly Inversion[] =>
  [...heardByRoom(context).values()].flatMap((readers) => {
    const all = [...readers.values()].sort((one, other) => other.length - one.length);
    const [first = [], ...others] = all;
    if (isPositioned(first)) return [];
    return others.flatMap((heard) => {
      const found = all.slice(0, references).filter((one) => one !== heard);
      return found.map((one) => inversionsOf(one, heard)).find((inversions) => inversions.length > 0) ?? [];
    });
  }),
);

const isPositioned = (heard: readonly Heard[]) => heard.some(({ receipt }) => receipt.position !== undefined);

/** By room and reader: what was first received, in the order in which it was. */
function heardByRoom(context: Context): ReadonlyMap<string, ReadonlyMap<string, Heard[]>> {
  const rooms = new Map<string, Map<string, Heard[]>>();
  for (const message of context.facts(messages).messages.values()) {
    for (const [reader, receipt] of message.receipts) {
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
