import { inWords } from '../../base/duration.js';
import { readyAgainAt, timeline, type Disruption } from '../facts/timeline.js';
import { nounOf } from './noun.js';
import { shows } from './proof.js';
import type { Context } from '../port.js';
import { span } from '../words.js';

/** Where moments lie relative to the disruption, for a person: `40–112 ms before the signal`, `while the service was down`. */
export function whenInWords(context: Context, times: readonly number[]): string {
  const view = context.facts(timeline);
  const latest = Math.max(...times);
  // The next that could have harmed them: what was sent between two was past the first.
  const disruption =
    view.disruptions.find((one) => (readyAgainAt(view, one) ?? Infinity) > latest) ?? view.disruptions.at(-1);
  if (!disruption || disruption.struckAt === null || times.length === 0) return 'at some time';
  const struckAt = disruption.struckAt;
  const before = times.map((t) => struckAt - t);
  if (before.every((ms) => ms >= 0)) return `${span(before)} before ${blow(disruption)}`;
  const readyAt = readyAgainAt(view, disruption) ?? Infinity;
  if (times.every((t) => t >= readyAt))
    return `${span(times.map((t) => t - readyAt))} after it was ready again`;
  if (times.every((t) => t >= struckAt && t < readyAt)) {
    const isRestart = shows(context.header, disruption, 'restart');
    return isRestart ? 'while the service was restarting' : `during the ${nounOf([disruption.type])}`;
  }
  const after = `${inWords(latest - struckAt)} after ${blow(disruption)}`;
  const first = struckAt - Math.min(...times);
  return first > 0 ? `between ${inWords(first)} before and ${after}` : `up to ${after}`;
}

/** What struck, in words. */
function blow({ type, restarts }: Disruption): string {
  const signal = restarts.find((restart) => restart.signal?.signal)?.signal?.signal;
  if (signal === 'SIGKILL') return 'the process was killed';
  return signal === undefined ? `the ${nounOf([type])}` : 'the signal';
}
