import { pass, sessionCause, unknown } from '../finding.js';
import type { Context, End, Finding } from '../port.js';
import { count } from '../words.js';
import { goneFinding } from './gone.js';
import { isProved } from './proof.js';
import { nobodyThere, struckOf, wasAnyoneThere } from './returns.js';

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
