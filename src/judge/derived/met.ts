import type { Facet } from '../../history/events.js';
import { timeline, type Disruption } from '../facts/timeline.js';
import { disruptionCause, unknown } from '../finding.js';
import type { Context, Finding } from '../port.js';
import { agree, listed } from '../words.js';
import { shows } from './proof.js';

/**
 * Of the disruptions that struck, and that show all of these facets, those that are not among the ones that were met by what is judged:
 * of them nothing is known. Source: semantics, "Outcomes" (each disruption is judged like the first).
 */
export function unmetOf(
  context: Context,
  facets: readonly Facet[],
  met: readonly Disruption[],
): readonly Disruption[] {
  return context
    .facts(timeline)
    .disruptions.filter((one) => one.struckAt !== null && !met.includes(one))
    .filter((one) => facets.every((facet) => shows(context.header, one, facet)));
}

/** Of these nothing is known: they are named, in the sentence that `says` makes of their names, and blamed; null: there are none. */
export function unknownOf(
  context: Context,
  which: readonly Disruption[],
  says: (named: string) => string,
  figures: Finding['figures'],
): Finding | null {
  if (which.length === 0) return null;
  const blames = which.map(({ index }) => disruptionCause(index));
  return unknown(says(disruptionsInWords(context, which)), { figures, blames });
}

/** `disruption 2 of 3`, `disruptions 1 and 2 of 3`: numbered from 1, as a person counts. */
export function disruptionsInWords(context: Context, which: readonly Disruption[]): string {
  const numbers = which.map(({ index }) => String(index + 1));
  const all = context.facts(timeline).disruptions.length;
  return `${agree(numbers, 'disruption', 'disruptions')} ${listed(numbers)} of ${all}`;
}
