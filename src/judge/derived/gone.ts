import type { Context, End } from '../port.js';
import { timeline } from '../facts/timeline.js';
import { list } from '../words.js';

const codes: readonly (string | undefined)[] = ['RESTART_FAILED', 'TARGET_GONE'];

/** Why the target did not come back from the disruption, in words; null: it did, or it is not known. */
export function targetIsGone(context: Context, end: End): string | null {
  const restarts = context.facts(timeline).disruptions.flatMap((disruption) => disruption.restarts);
  const failed = restarts.filter((restart) => restart.failed !== null);
  const said = end?.how === 'failed' && codes.includes(end.code);
  if (failed.length === 0 && !said) return null;
  const services = [...new Set(failed.map(({ service }) => service))];
  const who = services.length > 0 ? list(services) : 'the target';
  const why = end?.reason ?? failed.find(({ failed: event }) => event?.note)?.failed?.note;
  return `${who} did not come back from the disruption${why === undefined ? '' : ` (${why})`}`;
}
