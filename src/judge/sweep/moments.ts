import type { Event, EventOf } from '../../history/events.js';
import { catchingUpAt } from './catching-up.js';

/** Where in the life of its target a disruption fell. */
export interface Moment {
  /** Counts from 0, as in the history. */
  readonly disruption: number;
  readonly type: string;
  /** What it struck with first: `SIGTERM`; null: no signal was seen. */
  readonly signal: string | null;
  /** In ms of the history. */
  readonly struckAt: number;
  /** How far away the nearest message was that was handed to the target, and the nearest acknowledgement, in ms; null: none. */
  readonly sendMs: number | null;
  readonly ackMs: number | null;
  /** How many sessions were back and did not have yet what they had missed. */
  readonly catchingUp: number;
  /** It struck once more before what it had struck first was ready again. */
  readonly whileStarting: boolean;
}

/** Labels every disruption of a history that struck, in order. Events may come in any order of time. */
export function momentsOf(events: readonly Event[]): readonly Moment[] {
  const sorted = [...events].sort((one, other) => one.t - other.t);
  const steps = sorted.filter((event) => event.kind === 'disruption');
  const sends = timesOf(sorted, 'written');
  const acks = timesOf(sorted, 'ack');
  const struck = strokesOf(steps);
  const catching = catchingUpAt(
    sorted,
    struck.map(({ t }) => t),
  );
  return struck.map((stroke, index) => ({
    disruption: stroke.disruption,
    type: stroke.type,
    signal: stroke.signal ?? null,
    struckAt: stroke.t,
    sendMs: nearest(sends, stroke.t),
    ackMs: nearest(acks, stroke.t),
    catchingUp: catching[index] ?? 0,
    whileStarting: struckWhileStarting(steps.filter(({ disruption }) => disruption === stroke.disruption)),
  }));
}

type Step = EventOf<'disruption'>;

/** The first signal of each disruption; its begin where no signal is seen and something was done all the same. */
function strokesOf(steps: readonly Step[]): Step[] {
  const indices = [...new Set(steps.map(({ disruption }) => disruption))];
  return indices.flatMap((index) => {
    const own = steps.filter(({ disruption }) => disruption === index);
    const done = own.some(({ step }) => step !== 'begin' && step !== 'failed');
    const stroke = own.find(({ step }) => step === 'signal') ?? (done ? own[0] : undefined);
    return stroke ? [stroke] : [];
  });
}

/** Of one replica: a signal between a start and the next `ready`. */
function struckWhileStarting(steps: readonly Step[]): boolean {
  const starting = new Set<string>();
  for (const { step, service = '', replica = 0 } of steps) {
    const one = `${service} ${replica}`;
    if (step === 'started') starting.add(one);
    else if (step === 'ready') starting.delete(one);
    else if (step === 'signal' && starting.has(one)) return true;
  }
  return false;
}

const timesOf = (sorted: readonly Event[], kind: Event['kind']): number[] =>
  sorted.flatMap((event) => (event.kind === kind ? [event.t] : []));

/** How far the nearest of these sorted times is; null: there is none. */
function nearest(times: readonly number[], t: number): number | null {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) < t) low = middle + 1;
    else high = middle;
  }
  const around = [times[low - 1], times[low]].flatMap((time) =>
    time === undefined ? [] : [Math.abs(time - t)],
  );
  return around.length === 0 ? null : Math.min(...around);
}
