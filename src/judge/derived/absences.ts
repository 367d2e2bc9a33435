import type { Connection, Line } from '../facts/connections.js';
import { firstAckAt, firstAttemptAt, isRefused, isUnoffered, type Message } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import type { Context } from '../port.js';

/**
 * A time in which a reader had no connection. It is known only between bounds: it began between the last proof of life
 * and the moment at which the loss was noticed (or the cut made), and ended between the first attempt to come back and
 * the moment at which the reader was in the room again. Times are ms; `Infinity`: it did not come back.
 */
export interface Absence {
  /** The last moment at which it was surely there: what it read later may have been said before the target ended. */
  readonly surelyThereAt: number;
  readonly beganAtLeast: number;
  readonly beganAtMost: number;
  readonly endedAtLeast: number;
  readonly endedAtMost: number;
}

/** The absences of one reader from one room, in order. Source: semantics, "Who is owed what" (replay window). */
export function absencesOf(line: Line, room: string): Absence[] {
  const ready = line.connections.filter((connection) => connection.ready !== null);
  return ready.flatMap((connection, index) => absenceAfter(line, connection, ready[index + 1], room) ?? []);
}

function absenceAfter(
  line: Line,
  { close, lastProofAt, lastCauseAt, ready }: Connection,
  next: Connection | undefined,
  room: string,
): Absence | null {
  const cut = line.cuts.find(({ from }) => from >= (ready?.t ?? 0) && from <= (next?.ready?.t ?? Infinity));
  const beganAtMost = Math.min(close?.t ?? Infinity, cut?.from ?? Infinity);
  if (beganAtMost === Infinity || (close?.by === 'session' && !next)) return null;
  const endedAtMost = next?.joins.get(room)?.joinedAt ?? next?.ready?.t ?? Infinity;
  const endedAtLeast = line.attempts.find((t) => t >= beganAtMost) ?? endedAtMost;
  return {
    surelyThereAt: Math.min(lastCauseAt, beganAtMost),
    beganAtLeast: Math.min(lastProofAt, beganAtMost),
    ...{ beganAtMost, endedAtLeast, endedAtMost },
  };
}

/** The absence in which a message may have passed a reader by; null: it was there all the time. */
export const absenceOver = (absences: readonly Absence[], message: Message): Absence | null =>
  absenceSince(absences, message, ({ beganAtLeast }) => beganAtLeast);

/** The absence that may have begun before this was promised, though the reader read something later; null: it was there. */
export const absenceNear = (absences: readonly Absence[], message: Message): Absence | null =>
  absenceSince(absences, message, ({ surelyThereAt }) => surelyThereAt);

function absenceSince(
  absences: readonly Absence[],
  message: Message,
  since: (absence: Absence) => number,
): Absence | null {
  const ackAt = firstAckAt(message) ?? Infinity;
  const sentAt = firstAttemptAt(message);
  return absences.find((absence) => ackAt >= since(absence) && sentAt < absence.endedAtMost) ?? null;
}

/**
 * Had the reader surely gone when this was promised? Until its loss was noticed it may have been there, and then it is owed
 * the message whatever the replay window is.
 */
export const hadSurelyGone = ({ beganAtMost }: Absence, message: Message): boolean =>
  (firstAckAt(message) ?? Infinity) >= beganAtMost;

/** Is what was missed in this absence owed a replay? `unclear`: the window's limit lies between the bounds. */
export function isReplayOwed(context: Context, absence: Absence, room: string): 'yes' | 'no' | 'unclear' {
  const { ms = Infinity, messages: amount = Infinity } = context.header.contract.replayWindow;
  const shortest = absence.endedAtLeast - absence.beganAtMost;
  const longest = absence.endedAtMost - absence.beganAtLeast;
  const missed = amount === Infinity ? { fewest: 0, most: 0 } : missedIn(context, absence, room);
  if (shortest > ms || missed.fewest > amount) return 'no';
  return longest <= ms && missed.most <= amount ? 'yes' : 'unclear';
}

/** How many messages of the room passed in an absence: surely, and possibly. */
function missedIn(context: Context, absence: Absence, room: string): { fewest: number; most: number } {
  let fewest = 0;
  let most = 0;
  for (const message of context.facts(messages).messages.values()) {
    if (message.send?.room !== room || isRefused(message) || isUnoffered(message)) continue;
    const sentAt = firstAttemptAt(message);
    const ackAt = firstAckAt(message) ?? Infinity;
    if (sentAt <= absence.endedAtMost && ackAt >= absence.beganAtLeast) most += 1;
    if (sentAt >= absence.beganAtMost && ackAt <= absence.endedAtLeast) fewest += 1;
  }
  return { fewest, most };
}
