import { consequences } from '../causes.js';
import type { Event } from '../../history/events.js';
import { firstAckAt, firstAttemptAt, type Message } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { timeline, type Disruption } from '../facts/timeline.js';
import type { Context, End, Finding } from '../port.js';
import { roomOf, type Judged } from '../assemble.js';
import type { Verdict } from '../verdict.js';
import type { RestartOutcome } from './table.js';

/** What a history says of each of its disruptions that struck, by their number. */
export type Outcomes = ReadonlyMap<number, RestartOutcome>;

/**
 * Which of several disruptions in one history failed. A history that passes clears all of them; one that did not come to its end,
 * none. In another, those that a failure points to have failed, and those that showed nothing are unknown; the rest are cleared only
 * where every finding names each message, or each disruption, that it is about, for else it may be about them as well.
 */
export function outcomesOf(
  context: Context,
  judged: readonly Judged[],
  { outcome }: Pick<Verdict, 'outcome'>,
  end: End,
): Outcomes {
  const struck = context.facts(timeline).disruptions.filter(({ struckAt }) => struckAt !== null);
  const all = (told: RestartOutcome) => new Map(struck.map(({ index }) => [index, told]));
  if (outcome === 'pass') return all('pass');
  const failures = failuresIn(context, judged).map((finding) => placeOf(context, struck, finding));
  const doubts = doubtsIn(context, judged).map(doubtOf);
  const found = [...failures, ...doubts];
  const isClear = end?.how === 'completed' && found.length > 0 && found.every(({ isWhole }) => isWhole);
  const told = (outcome: RestartOutcome, places: readonly Place[]) =>
    places.flatMap(({ disruptions }) => disruptions).map((index) => [index, outcome] as const);
  return new Map([
    ...all(isClear ? 'pass' : 'unknown'),
    ...told('unknown', doubts),
    ...told('fail', failures),
  ]);
}

const isBinding = ({ header }: Context, { check }: Judged) => check.binds(header.contract);

/** What was not exercised, or not enough. */
const doubtsIn = (context: Context, judged: readonly Judged[]): Finding[] =>
  judged
    .filter((one) => isBinding(context, one))
    .flatMap(({ finding }) => (finding?.outcome === 'unknown' ? [finding] : []));

/** It is about what it names, if it names disruptions and nothing else. */
function doubtOf({ blames }: Finding): Place {
  const disruptions = blames.flatMap(({ subject, id }) => (subject === 'disruption' ? [Number(id)] : []));
  return { disruptions, isWhole: disruptions.length > 0 && disruptions.length === blames.length };
}

/** What failed, and nothing else explains. */
function failuresIn(context: Context, judged: readonly Judged[]): Finding[] {
  const found = judged.flatMap(({ check, finding }) => (finding ? [[check.id, finding] as const] : []));
  const explained = consequences(new Map(found), roomOf(context));
  return judged
    .filter((one) => isBinding(context, one) && !explained.has(one.check.id))
    .flatMap(({ finding }) => (finding?.outcome === 'fail' ? [finding] : []));
}

interface Place {
  readonly disruptions: readonly number[];
  /** Everything that the finding is about is placed. */
  readonly isWhole: boolean;
}

function placeOf(context: Context, struck: readonly Disruption[], { blames, evidence }: Finding): Place {
  const ledger = context.facts(messages).messages;
  const about = blames.map(({ subject, id }) => (subject === 'message' ? ledger.get(id) : undefined));
  const known = about.flatMap((message) => (message ? [message] : []));
  if (known.length === 0) {
    // What a finding shows is the smallest part that shows it: more of the same may lie elsewhere.
    return { disruptions: evidence.flatMap((event) => shownBy(struck, event)), isWhole: false };
  }
  const met = known.flatMap((message) => harmerOf(context, struck, message)?.index ?? []);
  return { disruptions: met, isWhole: known.length === blames.length };
}

/** Which restart an event shows: its own step, or what became of a connection after it. What was looked up shows none. */
function shownBy(struck: readonly Disruption[], event: Event): readonly number[] {
  if (event.kind === 'disruption') return [event.disruption];
  if (!['close', 'refused', 'ready', 'sign-in'].includes(event.kind)) return [];
  const last = struck.findLast(({ struckAt }) => (struckAt ?? Infinity) <= event.t);
  return last ? [last.index] : [];
}

/**
 * The first that could have harmed a message. It was promised when it was acknowledged, by a process that was ended later: whoever
 * was started before that is not harmed by what ended the one before it.
 */
function harmerOf(context: Context, struck: readonly Disruption[], message: Message): Disruption | undefined {
  const promisedAt = firstAckAt(message) ?? firstAttemptAt(message);
  return struck.find((one) => startedAgainAt(context, one) > promisedAt) ?? struck.at(-1);
}

/** When all of it had been started again; where that was not seen, when it was ready. */
function startedAgainAt(context: Context, { restarts }: Disruption): number {
  const view = context.facts(timeline);
  const times = restarts.map((one) => (one.started ?? view.readyAgain(one))?.t ?? Infinity);
  return times.length === 0 ? Infinity : Math.max(...times);
}
