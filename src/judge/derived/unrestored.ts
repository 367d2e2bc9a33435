import { pass, sessionCause, unknown } from '../finding.js';
import type { Context, End, Finding } from '../port.js';
import { count, listed } from '../words.js';
import { goneFinding } from './gone.js';
import { isProved } from './proof.js';
import { nobodyThere, sessionsIn, struckOf, wasAnyoneThere } from './returns.js';

/** What is said of times to come back when nobody's can be measured. */
export function unrestored(context: Context, end: End): Finding {
  const gone = goneFinding(context, end, 'There is no time to measure');
  if (gone) return { ...gone, outcome: 'unknown' };
  const lost = struckOf(context).filter(({ lostAt }) => lostAt !== null);
  if (lost.length > 0) {
    const blames = lost.map(({ session }) => sessionCause(session));
    return unknown(`None of ${count(lost.length, 'session')} that lost the connection came back`, { blames });
  }
  if (!wasAnyoneThere(context)) return unknown(nobodyThere);
  return isProved(context)
    ? pass('No session lost its connection, so nobody had to wait', { figures: { n: 0 } })
    : unknown('No session lost its connection, and the restart is not proved');
}

/**
 * Times to come back, where there are any. After a disruption from which none of those came back that it struck there are none, and what
 * others took says nothing of it.
 */
export function unlessUnrestored(context: Context, found: Finding): Finding {
  if (found.outcome !== 'pass') return found;
  const lost = struckOf(context).filter(({ lostAt }) => lostAt !== null);
  const restored = new Set(lost.flatMap(({ disruption, back }) => (back ? [disruption] : [])));
  const never = lost.filter(({ disruption }) => !restored.has(disruption));
  if (never.length === 0) return found;
  const which = listed(never.map(({ disruption }) => String(disruption.index + 1)));
  return unknown(
    `None of ${count(sessionsIn(never), 'session')} that lost the connection by disruption ${which} came back`,
    { figures: found.figures, blames: never.map(({ session }) => sessionCause(session)) },
  );
}
