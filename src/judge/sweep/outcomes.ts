import { consequences } from '../causes.js';
import { firstAttemptAt } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { readyAgainAt, timeline, type Disruption } from '../facts/timeline.js';
import type { Context, Finding } from '../port.js';
import { roomOf, type Judged } from '../assemble.js';
import type { Verdict } from '../verdict.js';
import type { RestartOutcome } from './table.js';

/** What a history says of each of its disruptions that struck, by their number. */
export type Outcomes = ReadonlyMap<number, RestartOutcome>;

/**
 * Which of several disruptions in one history failed. A history that passes clears all of them; one that is unknown, none. In one
 * that fails, those that a finding points to have failed; the others are cleared only where every finding names each message that
 * it is about, for else it may be about them as well.
 */
export function outcomesOf(
  context: Context,
  judged: readonly Judged[],
  { outcome }: Pick<Verdict, 'outcome'>,
): Outcomes {
  const struck = context.facts(timeline).disruptions.filter(({ struckAt }) => struckAt !== null);
  const all = (told: RestartOutcome) => new Map(struck.map(({ index }) => [index, told]));
  if (outcome !== 'fail') return all(outcome === 'pass' ? 'pass' : 'unknown');
  const places = failuresIn(context, judged).map((finding) => placeOf(context, struck, finding));
  const isClear = places.every(({ isWhole }) => isWhole) && !isAnyUnknown(context, judged);
  const failed = new Set(places.flatMap(({ disruptions }) => disruptions));
  return new Map([
    ...all(isClear ? 'pass' : 'unknown'),
    ...[...failed].map((index) => [index, 'fail'] as const),
  ]);
}

const isBinding = ({ header }: Context, { check }: Judged) => check.binds(header.contract);

const isAnyUnknown = (context: Context, judged: readonly Judged[]) =>
  judged.some((one) => isBinding(context, one) && one.finding?.outcome === 'unknown');

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
  const known = about.flatMap((message) => (message ? [firstAttemptAt(message)] : []));
  // What a finding shows is the smallest part that shows it: more of the same may lie elsewhere.
  const times = known.length > 0 ? known : evidence.map(({ t }) => t);
  const met = times.flatMap((t) => harmerOf(context, struck, t)?.index ?? []);
  return { disruptions: [...new Set(met)], isWhole: known.length > 0 && known.length === blames.length };
}

/** The first that could have harmed what was done at `t`: what is done after it is over meets the next. */
function harmerOf(context: Context, struck: readonly Disruption[], t: number): Disruption | undefined {
  const view = context.facts(timeline);
  return struck.find((one) => (readyAgainAt(view, one) ?? Infinity) > t) ?? struck.at(-1);
}
