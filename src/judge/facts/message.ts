import type { EventOf, MessageId } from '../../history/events.js';
import type { Receipts } from './receipts.js';

/** What is known of one message. Events are in the order of their session. */
export interface Message {
  readonly id: MessageId;
  readonly sender: string;
  readonly number: number;
  /** Null: nobody said that it would be sent. */
  readonly send: EventOf<'send'> | null;
  readonly attempts: readonly EventOf<'written'>[];
  readonly acks: readonly EventOf<'ack'>[];
  readonly unanswered: readonly EventOf<'nack' | 'unsure' | 'unoffered'>[];
  /** The first receipt of each session that is meant to read it. */
  readonly receipts: Receipts;
}

/** Positions compare when both are whole numbers; null: these do not. */
export function isBefore(one: string | undefined, other: string | undefined): boolean | null {
  if (one === undefined || other === undefined || !isWhole(one) || !isWhole(other)) return null;
  // A small number is exact, and surely less than what rounds to a large one.
  return one.length < 16 ? Number(one) < Number(other) : BigInt(one) < BigInt(other);
}

/** A position as a number that comes back as it was; null: it would not, and is no number. */
export function numberIn(position: string): number | null {
  const number = Number(position);
  return Number.isSafeInteger(number) && String(number) === position ? number : null;
}

/** Asked of every receipt: an expression takes many times as long. */
function isWhole(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
}

/** Refused: no attempt of it was acknowledged, unsure or left without an answer. Source: semantics, "Operations". */
export function isRefused({ attempts, acks, unanswered }: Message): boolean {
  const refusals = unanswered.filter(({ kind }) => kind === 'nack').length;
  const unsure = unanswered.some(({ kind }) => kind === 'unsure');
  return acks.length === 0 && !unsure && refusals > 0 && refusals >= attempts.length;
}

/** Was it ever handed to the target? */
export const isAttempted = ({ attempts, acks, unanswered }: Message): boolean =>
  attempts.length > 0 || acks.length > 0 || unanswered.some(({ kind }) => kind !== 'unoffered');

/** There was no connection to offer it to, and it was not tried again on another. */
export const isUnoffered = (message: Message): boolean =>
  !isAttempted(message) && message.unanswered.length > 0;

/** When its bytes were first handed to the target. */
export const firstAttemptAt = ({ attempts, send }: Message): number =>
  attempts[0]?.t ?? send?.t ?? Number.NEGATIVE_INFINITY;

/** When the target first promised; null: it did not. */
export const firstAckAt = ({ acks }: Message): number | null => acks[0]?.t ?? null;
