import { inWords } from '../../base/duration.js';
import { readyAgainAt, timeline, type Disruption } from '../facts/timeline.js';
import type { Context } from '../port.js';
import { span } from '../words.js';

/** Where moments lie relative to the disruption, for a person: `40–112 ms before the signal`, `while the service was down`. */
export function whenInWords(context: Context, times: readonly number[]): string {
  const view = context.facts(timeline);
  const latest = Math.max(...times);
  const disruption = view.disruptions.findLast(({ beginAt }) => beginAt <= latest) ?? view.disruptions[0];
  if (!disruption || disruption.struckAt === null || times.length === 0) return 'at some time';
  const struckAt = disruption.struckAt;
  const before = times.map((t) => struckAt - t);
  if (before.every((ms) => ms >= 0)) return `${span(before)} before ${blow(disruption)}`;
  const readyAt = readyAgainAt(view, disruption) ?? Infinity;
  if (times.every((t) => t >= readyAt))
    return `${span(times.map((t) => t - readyAt))} after it was ready again`;
  if (times.every((t) => t >= struckAt && t < readyAt)) return 'while the service was restarting';
  const after = `${inWords(latest - struckAt)} after ${blow(disruption)}`;
  const first = struckAt - Math.min(...times);
  return first > 0 ? `between ${inWords(first)} before and ${after}` : `up to ${after}`;
}

/** What struck, in words. */
function blow({ restarts }: Disruption): string {
  const signal = restarts.find((restart) => restart.signal?.signal)?.signal?.signal;
  if (signal === 'SIGKILL') return 'the process was killed';
  return signal === undefined ? 'the restart' : 'the signal';
}
