import type { EventOf } from '../../history/events.js';
import { connections, type Connection, type Lasting, type Line } from '../facts/connections.js';
import { firstAckAt, firstAttemptAt, isRefused, type Message } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { seatsOf } from '../facts/seats.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { lifeOf, livesOf, type Life } from './lives.js';

/** One message, and everyone on one instance who was connected all the while that it was said. */
export interface Lane {
  readonly message: Message;
  readonly from: Life;
  readonly to: Life;
  /** `same` instance; another one of the same `generation`; or another `version`: one from before, one from after its restart. */
  readonly across: 'same' | 'generation' | 'version';
  /** Those of them that never received it. */
  readonly missing: readonly string[];
}

/** Sends while old and new instances were ready side by side, and all others. */
export interface Refusals {
  readonly sideBySide: readonly EventOf<'nack'>[];
  readonly otherwise: number;
  /** Messages that were offered to the target: side by side, and in all. */
  readonly offeredSideBySide: number;
  readonly offered: number;
}

/** Who is closed so soon after an acknowledgement was leaving: what it missed is a matter of the replay. */
const leavingMs = 250;

/** Of every message that is remembered whole, whom it had to reach at once; made anew each time that it is asked for. Source: semantics, "Balancers and rolling restarts". */
export function* lanesOf(context: Context): Generator<Lane> {
  const seats = seatsOf(context.header);
  const lines = context.facts(connections);
  const readers = [...lines.values()].filter(({ session }) => seats.isResident(session));
  const byRoom = new Map<string, Reader[]>();
  for (const line of readers) {
    for (const [room, stays] of line.stays) byRoom.set(room, [...(byRoom.get(room) ?? []), { line, stays }]);
  }
  for (const message of context.facts(messages).messages.values()) {
    const from = senderOf(context, lines.get(message.sender), message);
    if (from) yield* lanesFrom(context, message, from, byRoom.get(message.send?.room ?? '') ?? []);
  }
}

/** Somebody in one room. */
interface Reader {
  readonly line: Line;
  readonly stays: readonly Lasting[];
}

/** What was refused while both versions were there. */
export const refusalsOf = once((context): Refusals => {
  const seats = seatsOf(context.header);
  const offered = [...context.facts(messages).messages.values()].filter(
    ({ sender, attempts, send }) => attempts.length > 0 && send !== null && seats.isResident(sender),
  );
  const refused = offered
    .filter(isRefused)
    .flatMap(({ unanswered }) => unanswered.filter(isNack).slice(0, 1));
  const sideBySide = refused.filter(({ t }) => areSideBySide(context, t));
  return {
    sideBySide,
    otherwise: refused.length - sideBySide.length,
    offeredSideBySide: offered.filter((message) => areSideBySide(context, firstAttemptAt(message))).length,
    offered: offered.length,
  };
});

const isNack = (event: Message['unanswered'][number]): event is EventOf<'nack'> => event.kind === 'nack';

/** Was an instance from before its restart there, and one from after it, at that moment? */
function areSideBySide(context: Context, t: number): boolean {
  const there = livesOf(context).filter(({ readyFrom, readyTo }) => readyFrom <= t && t < readyTo);
  return new Set(there.map(({ generation }) => generation)).size > 1;
}

/** The life that took the message, where its connection did not break soon after. */
function senderOf(context: Context, line: Line | undefined, message: Message): Life | null {
  if (!line || message.attempts.length !== 1) return null;
  const connection = connectionAt(line, firstAttemptAt(message), firstAckAt(message) ?? Infinity);
  return connection && lifeOf(context, connection);
}

function lanesFrom(context: Context, message: Message, from: Life, readers: readonly Reader[]): Lane[] {
  const ackAt = firstAckAt(message) ?? Infinity;
  const sentAt = firstAttemptAt(message);
  const byLife = new Map<Life, string[]>();
  for (const { line, stays } of readers) {
    const wasThere = stays.some((stay) => stay.from < sentAt && (stay.to ?? Infinity) > ackAt);
    if (line.session === message.sender || !wasThere) continue;
    const connection = connectionAt(line, sentAt, ackAt);
    const to = connection && lifeOf(context, connection);
    if (!to) continue;
    const missing = message.receipts.has(line.session) ? [] : [line.session];
    byLife.set(to, [...(byLife.get(to) ?? []), ...missing]);
  }
  return [...byLife].map(([to, missing]) => ({ message, from, to, across: acrossOf(from, to), missing }));
}

/** The connection that was there from before the message was sent until some time after it was acknowledged. */
const connectionAt = ({ connections: all }: Line, sentAt: number, ackAt: number): Connection | null =>
  all.find(
    ({ ready, close }) => ready !== null && ready.t <= sentAt && (close?.t ?? Infinity) > ackAt + leavingMs,
  ) ?? null;

function acrossOf(from: Life, to: Life): Lane['across'] {
  if (from === to) return 'same';
  return from.generation === to.generation ? 'generation' : 'version';
}
