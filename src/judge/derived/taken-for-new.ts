import type { EventOf, MessageId } from '../../history/events.js';
import type { Message } from '../facts/message.js';
import { messages, type Repeat } from '../facts/messages.js';
import { once } from '../once.js';

/** What the target says of the place of a message: its own id of it, and its number in the room. */
interface Placed {
  readonly id?: string;
  readonly position?: string;
}

/** A message that was sent again under its id, and that the target then named as another one. */
export interface TakenForNew {
  readonly message: Message;
  readonly by: 'position' | 'id';
  /** Two promises to its sender, or two receipts of one reader. */
  readonly first: EventOf<'ack' | 'receive'>;
  readonly again: EventOf<'ack' | 'receive'>;
}

/**
 * Under a contract with idempotency, messages that were sent again and acknowledged, or delivered to one reader, at two
 * places. Where the protocol tells neither ids nor positions there are none. Source: semantics, "duplicated".
 */
export const takenForNewOf = once((context): ReadonlyMap<MessageId, TakenForNew> => {
  const found = new Map<MessageId, TakenForNew>();
  if (!context.header.contract.idempotent) return found;
  const ledger = context.facts(messages);
  const repeats = new Map<MessageId, Repeat>();
  for (const repeat of ledger.repeats) {
    const { message } = repeat.again;
    if (message !== null && isElsewhere(repeat) && !repeats.has(message)) repeats.set(message, repeat);
  }
  for (const message of ledger.messages.values()) {
    const taken = isSentAgain(message) ? takenAs(message, repeats.get(message.id)) : null;
    if (taken) found.set(message.id, taken);
  }
  return found;
});

export const isSentAgain = ({ attempts }: Message): boolean => attempts.length > 1;

/** Did the reader receive it at another place than before? What came in another room is a leak. */
export const isElsewhere = ({ first, again }: Repeat): boolean =>
  first?.room === again.room && differing(first, again) !== null;

function takenAs(message: Message, repeat: Repeat | undefined): TakenForNew | null {
  const [first] = message.acks;
  const again = first && message.acks.find((ack) => differing(first, ack) !== null);
  if (first && again) return between(message, first, again);
  return repeat?.first ? between(message, repeat.first, repeat.again) : null;
}

function between(
  message: Message,
  first: TakenForNew['first'],
  again: TakenForNew['again'],
): TakenForNew | null {
  const by = differing(first, again);
  return by && { message, by, first, again };
}

/** By what two places differ; null: they are one, or nothing that was told of both tells them apart. */
function differing(one: Placed, other: Placed): 'position' | 'id' | null {
  if (isOther(one.position, other.position)) return 'position';
  return isOther(one.id, other.id) ? 'id' : null;
}

const isOther = (one: string | undefined, other: string | undefined) =>
  one !== undefined && other !== undefined && one !== other;
