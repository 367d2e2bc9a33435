import { inWords } from '../../base/duration.js';
import { sessionCause } from '../finding.js';
import type { Context } from '../port.js';
import { splitWords } from '../words.js';
import type { Timed } from './budget.js';
import { reconnectsOf, recoveriesOf, type Split } from './timings.js';

/** The reconnects, with where their time went. */
export const reconnectsTimed = (context: Context): readonly Timed[] =>
  reconnectsOf(context).map(({ from, timing, split, evidence }) => ({
    name: `session ${from.session}`,
    timing,
    aside: splitInWords(split),
    blames: [sessionCause(from.session)],
    evidence,
  }));

/** The recoveries of sessions. */
export const recoveriesTimed = (context: Context): readonly Timed[] =>
  recoveriesOf(context).map(({ from, timing, evidence }) => ({
    name: `session ${from.session}`,
    timing,
    blames: [sessionCause(from.session)],
    evidence,
  }));

function splitInWords({ down, waiting, handshake, joined }: Split): string {
  const parts: [number, string][] = [
    [down, splitWords.down],
    [waiting, splitWords.waiting],
    [handshake, splitWords.handshake],
    [joined, splitWords.joined],
  ];
  const shown = parts.filter(([ms]) => ms >= 1);
  return shown.map(([ms, name]) => `${inWords(ms)} ${name}`).join(', ');
}
