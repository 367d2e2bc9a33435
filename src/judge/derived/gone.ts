import { timeline } from '../facts/timeline.js';
import { fail, serviceCause, sessionCause } from '../finding.js';
import type { Context, End, Finding } from '../port.js';
import { list } from '../words.js';
import { returnsOf } from './returns.js';

const codes: readonly (string | undefined)[] = ['RESTART_FAILED', 'TARGET_GONE'];

const likely = {
  cause:
    'The process ended by an error of its own, or could not be started again: nothing answers at its door.',
  next: 'Read the output of the service in the run directory, below `target/`: its last lines say why.',
};

/** Did the history end before it was waited for everyone to come back? Who is missing then may only have had no time. */
export function endedEarly(context: Context, end: End): boolean {
  if (end === null || end.how === 'interrupted') return true;
  return end.how === 'failed' && context.facts(timeline).phaseAt('settle') === null;
}

/** What a check says when the target did not come back from the disruption; null: it did, or it is not known. */
export function goneFinding(context: Context, end: End, consequence: string): Finding | null {
  const restarts = context.facts(timeline).disruptions.flatMap((disruption) => disruption.restarts);
  const failed = restarts.filter((restart) => restart.failed !== null);
  const isSaid = end?.how === 'failed' && codes.includes(end.code);
  // What could not be done to the target is not the target's failure to come back from it.
  const isOther = end?.how === 'failed' && end.code === 'DISRUPTION_FAILED';
  if (isOther || (failed.length === 0 && !isSaid)) return null;
  const services = [...new Set((failed.length > 0 ? failed : restarts).map(({ service }) => service))];
  const who = services.length > 0 ? list(services) : 'the target';
  const why = end?.reason ?? failed[0]?.failed?.note;
  return fail(`${consequence}: ${who} did not come back${why === undefined ? '' : ` (${why})`}`, {
    blames: [
      ...returnsOf(context).map(({ session }) => sessionCause(session)),
      ...services.map(serviceCause),
    ],
    evidence: failed.flatMap(({ begin, failed: event }) => (event ? [begin, event] : [])),
    likely,
  });
}
