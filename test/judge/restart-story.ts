import type { Event, PlannedDisruption } from '../../src/history/events.js';

/** What a restart of a story may differ in. */
export interface RestartPlot {
  /** How long the target is down, in ms. */
  readonly downMs: number;
  /** How long of that it is kept down on purpose: then it is an outage. */
  readonly heldMs?: number;
}

/** One restart of a story, with the instances before and after it. */
export interface Restart {
  readonly index: number;
  readonly signal: number;
  readonly ready: number;
  readonly heldMs: number;
  readonly old: string;
  readonly now: string;
}

/** Between two restarts everyone comes back, and absentees leave for the next. */
const betweenMs = 420;

/** The first strikes at `signal`, each of the others when all are back from the one before. */
export function restartsFrom(signal: number, plots: readonly RestartPlot[]): Restart[] {
  let next = signal;
  return plots.map(({ downMs, heldMs = 0 }, index) => {
    const about = { index, signal: next, ready: next + downMs, heldMs };
    next = about.ready + betweenMs;
    return { ...about, old: `boot-${index + 1}`, now: `boot-${index + 2}` };
  });
}

const typeOf = ({ heldMs }: Pick<Restart, 'heldMs'>) => (heldMs > 0 ? 'outage' : 'restart');

export const plannedOf = (restart: Pick<Restart, 'heldMs'>): PlannedDisruption => ({
  ...{ type: typeOf(restart), services: ['backend'], holdsConnections: true },
});

/** What is done to the target, and what a prober sees of it. */
export function restartTold(restart: Restart): Event[] {
  const { index, signal, ready, heldMs, old, now } = restart;
  const about = { kind: 'disruption', disruption: index, type: typeOf(restart), service: 'backend' } as const;
  const probe = { kind: 'probe', service: 'backend', spacing: 20 } as const;
  const held: Event[] = [
    { t: signal + 23, ...about, step: 'held' },
    { t: signal + 23 + heldMs, ...about, step: 'released' },
  ];
  return [
    { t: signal - 1, ...about, step: 'begin', instance: old },
    { t: signal, ...about, step: 'signal', signal: 'SIGTERM' },
    { t: signal + 20, ...about, step: 'exited', exitCode: 0, killed: false },
    { t: signal + 22, ...about, step: 'port-closed' },
    ...(heldMs > 0 ? held : []),
    { t: signal + 25 + heldMs, ...about, step: 'started' },
    { t: ready + 1, ...about, step: 'ready', instance: now },
    { t: ready + 2, ...about, step: 'end' },
    { t: signal - 10, ...probe, up: true, ready: true, instance: old },
    { t: signal + 10, ...probe, up: false, ready: false },
    { t: signal + 30, ...probe, up: false, ready: false },
    { t: ready, ...probe, up: true, ready: true, instance: now },
    { t: ready + 20, ...probe, up: true, ready: true, instance: now },
  ];
}
