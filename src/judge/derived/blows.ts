import type { Disruption, Restart, Timeline } from '../facts/timeline.js';

/** What was struck together: everything in most disruptions, one replica after the other in a rolling restart. */
export interface Blow {
  readonly disruption: Disruption;
  /** None, where one from the reserve was sent back. */
  readonly restarts: readonly Restart[];
  /** Whose sessions it struck; undefined: the door did not tell. */
  readonly instances: readonly (string | undefined)[];
  readonly beginAt: number;
  readonly struckAt: number;
  /** When the next of the same disruption begins; `Infinity`: it is the last. */
  readonly nextAt: number;
}

/** In order; none where nothing was done to the target. */
export function blowsOf(disruption: Disruption): readonly Blow[] {
  const { struckAt, beginAt, restarts } = disruption;
  if (struckAt === null) return [];
  const groups = groupsOf(restarts);
  const back = sentBackIn(disruption);
  if (groups.length < 2 && back.length === 0) {
    return [{ ...about(disruption, restarts), beginAt, struckAt, nextAt: Infinity }];
  }
  const blows = groups.map((group) => ({
    ...about(disruption, group),
    beginAt: Math.min(...group.map(({ begin }) => begin.t)),
    struckAt: Math.min(...group.map(({ begin, signal }) => (signal ?? begin).t)),
  }));
  const all = [...blows, ...back].sort((one, other) => one.beginAt - other.beginAt);
  return all.map((blow, index) => ({ ...blow, nextAt: all[index + 1]?.beginAt ?? Infinity }));
}

const about = (disruption: Disruption, restarts: readonly Restart[]) => ({
  ...{ disruption, restarts },
  instances: restarts.map(({ begin }) => begin.instance),
});

/** Those from the reserve that were ended again struck the sessions that were on them. */
function sentBackIn(disruption: Disruption): Omit<Blow, 'nextAt'>[] {
  return disruption.spares.flatMap(({ ready, signal }) => {
    if (!signal) return [];
    const { t } = signal;
    return [{ disruption, restarts: [], instances: [ready?.instance], beginAt: t, struckAt: t }];
  });
}

/** When what it struck was seen ready again at the door; null: it never was. */
export function readyAfter(view: Timeline, { restarts, instances, struckAt }: Blow): number | null {
  const times = restarts.map((restart) => view.readyAgain(restart)?.t ?? null);
  return instances.length === 0 || times.includes(null)
    ? null
    : Math.max(struckAt, ...times.map((t) => t ?? 0));
}

/** A restart that begins when those before it are over is a group of its own. */
function groupsOf(restarts: readonly Restart[]): Restart[][] {
  const groups: Restart[][] = [];
  for (const restart of [...restarts].sort((one, other) => one.begin.t - other.begin.t)) {
    const last = groups.at(-1);
    const isOver = last?.every(({ ready, failed }) => ((ready ?? failed)?.t ?? Infinity) <= restart.begin.t);
    if (last && !isOver) last.push(restart);
    else groups.push([restart]);
  }
  return groups;
}
