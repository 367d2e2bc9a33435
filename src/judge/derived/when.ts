import { inWords } from '../../base/duration.js';
import { timeline } from '../facts/timeline.js';
import { blowsOf, readyAfter, type Blow } from './blows.js';
import { nounOf } from './noun.js';
import { shows } from './proof.js';
import type { Context } from '../port.js';
import { extremesOf, span } from '../words.js';

/** Where moments lie relative to the disruption, for a person: `40–112 ms before the signal`, `while the service was down`. */
export function whenInWords(context: Context, times: readonly number[]): string {
  const view = context.facts(timeline);
  const { smallest: earliest, largest: latest } = extremesOf(times);
  // The next that could have harmed them: what was sent between two was past the first.
  const blows = view.disruptions.flatMap(blowsOf);
  const blow = blows.find((one) => (readyAfter(view, one) ?? Infinity) > latest) ?? blows.at(-1);
  if (!blow || times.length === 0) return 'at some time';
  const { struckAt, disruption } = blow;
  const before = times.map((t) => struckAt - t);
  if (before.every((ms) => ms >= 0)) return `${span(before)} before ${inWordsOf(blow)}`;
  const readyAt = readyAfter(view, blow) ?? Infinity;
  if (times.every((t) => t >= readyAt))
    return `${span(times.map((t) => t - readyAt))} after it was ready again`;
  if (times.every((t) => t >= struckAt && t < readyAt)) {
    const isRestart = shows(context.header, disruption, 'restart');
    return isRestart ? 'while the service was restarting' : `during the ${nounOf([disruption.type])}`;
  }
  const after = `${inWords(latest - struckAt)} after ${inWordsOf(blow)}`;
  const first = struckAt - earliest;
  return first > 0 ? `between ${inWords(first)} before and ${after}` : `up to ${after}`;
}

/** What struck, in words. */
function inWordsOf({ disruption: { type }, restarts }: Blow): string {
  const signal = restarts.find((restart) => restart.signal?.signal)?.signal?.signal;
  if (signal === 'SIGKILL') return 'the process was killed';
  return signal === undefined ? `the ${nounOf([type])}` : 'the signal';
}
