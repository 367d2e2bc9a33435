import { inWords } from '../../base/duration.js';
import { aboutIt } from '../derived/noun.js';
import { connections } from '../facts/connections.js';
import { stalledBetween, timeline } from '../facts/timeline.js';
import { unknown } from '../finding.js';
import type { Check, Context, End, Finding, Projection } from '../port.js';
import { sentence } from '../words.js';

/** A check that needs nothing but the facts: it looks at them once, when the history is over. */
export interface Description extends Omit<Check, 'start' | 'kinds' | 'binds' | 'uses'> {
  /** All of them promise it unless told. */
  readonly binds?: Check['binds'];
  readonly uses?: readonly Projection<unknown>[];
  /**
   * `absence`: it passes because something was *not* seen, so it may pass only where the history came to its end.
   * `presence`: what it passes on was seen.
   */
  readonly passesOn: 'absence' | 'presence';
  judge(context: Context, end: End): Finding;
}

export function defineCheck(description: Description): Check {
  const { passesOn, judge, binds = () => true, uses = [], ...rest } = description;
  return {
    ...rest,
    binds,
    uses: [...new Set([timeline, connections, ...uses])],
    kinds: [],
    start: (context) => ({
      judge: (end) => {
        const told = judge(context, end);
        const found = { ...told, summary: aboutIt(context, told.summary) };
        if (found.outcome !== 'pass') return found;
        const objection = struck(context)
          ? (endObjection(passesOn, end) ?? stallObjection(context, end))
          : 'nothing was disrupted in this history';
        return objection === null
          ? found
          : unknown(`${sentence(objection)}, so this is not proved: ${found.summary}`, found);
      },
    }),
  };
}

/** Was anything done to the target at all? Without it, nothing can have outlasted it. */
function struck(context: Context): boolean {
  return context.facts(timeline).disruptions.some(({ struckAt }) => struckAt !== null);
}

/** Who slept through most of it has not seen it. */
function stallObjection(context: Context, end: End): string | null {
  const view = context.facts(timeline);
  const begin = view.phaseAt('establish') ?? 0;
  const until = end?.t ?? view.stalls.at(-1)?.to ?? begin;
  const stalledMs = stalledBetween(view, begin, until);
  if (stalledMs <= (until - begin) / 2) return null;
  return `this program itself stood still for ${inWords(stalledMs)} of ${inWords(until - begin)}`;
}

function endObjection(passesOn: Description['passesOn'], end: End): string | null {
  if (passesOn === 'presence' || end?.how === 'completed') return null;
  if (end === null) return 'the history breaks off without an end';
  return `the run was ${end.how === 'interrupted' ? 'interrupted' : 'given up'}${end.reason === undefined ? '' : ` (${end.reason})`}`;
}
