import { connections } from '../facts/connections.js';
import { firstAckAt, firstAttemptAt, type Message } from '../facts/message.js';
import { messages, type Ledger } from '../facts/messages.js';
import { timeline, wholeAgainAt, type Disruption } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { returnsOf } from './returns.js';

/** How the chat went on over the restart, in messages. */
export interface Thread {
  /** Got through before anything was disrupted. */
  readonly before: readonly Message[];
  /** Attempts from the beginning of the disruption until the chat settled. */
  readonly attemptsDuring: number;
  /** First sent when the target was ready again. */
  readonly sentAfter: readonly Message[];
  readonly throughAfter: readonly Message[];
  /** Acknowledged within `lastMomentMs` before the signal; of several disruptions, before the one that met the fewest. */
  readonly lastMoment: number;
  /** The disruptions before whose signal nothing was. */
  readonly quiet: readonly Disruption[];
  /** Sessions that were away over the restart and were owed nothing from before it. */
  readonly idleAbsentees: readonly string[];
  /** Acknowledged, sent again after the (last) signal, and answered again: sent before one, it shows nothing of that one. */
  readonly retries: number;
}

/** Losses of the last moments show only when something was acknowledged within them. Source: semantics, "Outcomes". */
export const lastMomentMs = 250;

/** Acknowledged; where the target acknowledges nothing: received by somebody else. */
export function throughAt({ header }: Context, message: Message): number | null {
  if (header.plan.without.acknowledgements === undefined) return firstAckAt(message);
  const others = [...message.receipts.values()].filter(({ session }) => session !== message.sender);
  return others.length === 0 ? null : Math.min(...others.map(({ t }) => t));
}

/** Null where nothing was disrupted. */
export const threadOf = once((context): Thread | null => {
  const view = context.facts(timeline);
  const struck = view.disruptions.filter(({ struckAt }) => struckAt !== null);
  const [first] = struck;
  if (!first) return null;
  const readyAt = wholeAgainAt(view);
  const ledger = context.facts(messages);
  const { through, ...sent } = passedOf(context, readyAt);
  const lastMoments = struck.map((one) => through.filter(({ at }) => isLastMoment(at, one)).length);
  const quiet = struck.filter((_, index) => lastMoments[index] === 0);
  return {
    before: through.filter(({ at }) => at < first.beginAt).map(({ message }) => message),
    ...{ ...sent, lastMoment: Math.min(...lastMoments), quiet },
    idleAbsentees: idleAbsentees(context, through),
    retries: retriesSince(ledger, Math.max(...struck.map(({ struckAt }) => struckAt ?? Infinity))),
  };
});

type Passed = Pick<Thread, 'attemptsDuring' | 'sentAfter' | 'throughAfter'> & {
  readonly through: readonly Through[];
};

/** One pass over all messages. */
function passedOf(context: Context, readyAt: number): Passed {
  const view = context.facts(timeline);
  const through: Through[] = [];
  const [sentAfter, throughAfter]: [Message[], Message[]] = [[], []];
  let attemptsDuring = 0;
  for (const message of context.facts(messages).messages.values()) {
    const { send, attempts } = message;
    attemptsDuring += attempts.filter(({ t }) => view.intervalOf(t) === 'during').length;
    const at = throughAt(context, message);
    if (at !== null) through.push({ message, at });
    if (send === null || send.t < readyAt) continue;
    sentAfter.push(message);
    if (at !== null) throughAfter.push(message);
  }
  return { attemptsDuring, sentAfter, throughAfter, through };
}

/** A message that got through, and when. */
interface Through {
  readonly message: Message;
  readonly at: number;
}

function isLastMoment(at: number, { struckAt }: Disruption): boolean {
  const ms = (struckAt ?? 0) - at;
  return ms >= 0 && ms <= lastMomentMs;
}

function retriesSince({ messages: young, revived }: Ledger, struckAt: number): number {
  const isAgain = (t: number, ackAt: number) => t > ackAt && t >= struckAt;
  const isRetried = ({ attempts, acks }: Pick<Message, 'attempts' | 'acks'>, ackAt: number) => {
    const again = attempts.find(({ t }) => isAgain(t, ackAt));
    return again !== undefined && acks.some(({ t }) => t > again.t);
  };
  const known = [...young.values()].filter((message) => isRetried(message, firstAckAt(message) ?? Infinity));
  // What retired had been acknowledged long before.
  const old = [...revived.values()].filter((message) => isRetried(message, Number.NEGATIVE_INFINITY));
  return known.length + old.length;
}

function idleAbsentees(context: Context, through: readonly Through[]): string[] {
  const away = returnsOf(context).filter(({ how }) => how === 'away');
  return away
    .filter(({ session, lostAt, disruption }) => {
      const stays = context.facts(connections).get(session)?.stays;
      return !through.some(({ message }) => {
        const sentAt = firstAttemptAt(message);
        const isInTime = sentAt >= (lostAt ?? Infinity) && sentAt < (disruption.struckAt ?? 0);
        return isInTime && message.sender !== session && stays?.has(message.send?.room ?? '') === true;
      });
    })
    .map(({ session }) => session);
}
