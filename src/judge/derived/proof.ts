import type { Facet, Header } from '../../history/events.js';
import { timeline, type Disruption, type Restart } from '../facts/timeline.js';
import type { Context } from '../port.js';

/** Does this disruption of the plan show that at all? `restart`: it restarts something. */
export const shows = ({ plan }: Header, { index }: Pick<Disruption, 'index'>, facet: Facet): boolean =>
  plan.disruptions[index]?.lacks?.[facet] === undefined;

/** What of the disruptions that struck is not proved. Source: semantics, "The restart". */
export function unprovedOf(context: Context): readonly Restart[] {
  const struck = context.facts(timeline).disruptions.filter(({ struckAt }) => struckAt !== null);
  return struck.flatMap((disruption) => {
    const isProved = shows(context.header, disruption, 'restart') ? isRestarted : isHeld;
    return disruption.restarts.filter((restart) => !isProved(restart));
  });
}

/** Was something disrupted, and is all of that proved? */
export function isProved(context: Context): boolean {
  const { disruptions } = context.facts(timeline);
  return disruptions.some(({ restarts }) => restarts.length > 0) && unprovedOf(context).length === 0;
}

/** Is it shown at the door that this replica was really restarted? */
function isRestarted({ begin, ready, portClosed }: Restart): boolean {
  const [before, after] = [begin.instance, ready?.instance];
  const isAnother = before !== undefined && after !== undefined && before !== after;
  return isAnother || portClosed !== null;
}

/** Was the fault seen in force? One that meets no connection of any session is not. */
function isHeld({ held, released }: Restart): boolean {
  return held !== null && (released?.connections ?? held.connections) !== 0;
}
