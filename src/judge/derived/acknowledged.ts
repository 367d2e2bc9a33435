import { firstAckAt, type Message } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { once } from '../once.js';

/** By the room that they were sent to, the acknowledged messages that are remembered whole. */
export const acknowledgedOf = once((context): ReadonlyMap<string, readonly Message[]> => {
  const rooms = new Map<string, Message[]>();
  for (const message of context.facts(messages).messages.values()) {
    if (!message.send || firstAckAt(message) === null) continue;
    const known = rooms.get(message.send.room);
    if (known) known.push(message);
    else rooms.set(message.send.room, [message]);
  }
  return rooms;
});
