import type { MessageId } from '../../history/events.js';
import { MessageSet } from '../facts/message-set.js';
import { reads } from '../facts/reads.js';
import { timeline } from '../facts/timeline.js';
import type { Context } from '../port.js';
import { grouped } from '../words.js';
import { reusesOf } from './places.js';

/**
 * Of messages that were lost, those whose number or id names another one since the restart, in words; null: none. The
 * target had forgotten them, unless a later read shows them: then only their number was given twice.
 */
export function givenAgainInWords(context: Context, lost: ReadonlySet<MessageId>): string | null {
  const { disruptions } = context.facts(timeline);
  const isOver = (from: number, to: number) =>
    disruptions.some(({ struckAt }) => struckAt !== null && from <= struckAt && to > struckAt);
  const reuses = reusesOf(context);
  if (reuses.length === 0) return null;
  const stored = storedAfter(context);
  const forgotten = reuses.flatMap(({ first, second }) => {
    const isIt = first !== null && lost.has(first.message) && !stored.has(first.message);
    return isIt && isOver(first.event.t, second.event.t) ? [first.message] : [];
  });
  const amount = new Set(forgotten).size;
  if (amount === 0) return null;
  const [numbers, they] = amount === 1 ? ['number', 'it was'] : ['numbers', 'they were'];
  const again = `the ${numbers} of ${grouped(amount)} of them ${amount === 1 ? 'was' : 'were'} given again`;
  return `${again} after the ${blow(context)}: ${they} not on disk when ${they} acknowledged`;
}

function storedAfter(context: Context): MessageSet {
  const view = context.facts(reads);
  const stored = new MessageSet(view.names);
  for (const { entries } of [...view.values()].flatMap(({ after }) => after)) stored.addAll(entries);
  return stored;
}

/** The process was killed, or told to end. */
function blow(context: Context): 'crash' | 'restart' {
  const restarts = context.facts(timeline).disruptions.flatMap((disruption) => disruption.restarts);
  return restarts.some(({ signal }) => signal?.signal === 'SIGKILL') ? 'crash' : 'restart';
}
