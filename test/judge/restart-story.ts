import type { Event, Facet, PlannedDisruption } from '../../src/history/events.js';

/** What a disruption of a story may differ in. */
export interface RestartPlot {
  /**
   * A restart unless told (an outage where it is kept down on purpose). `network`: every connection is cut for as long as it is held,
   * and nothing is restarted. `pause`: no connection is lost, and nobody is answered for as long as it is held.
   */
  readonly kind?: 'restart' | 'network' | 'pause';
  /** How long the target does not serve, in ms. */
  readonly downMs: number;
  /** For how long of that it is kept from it on purpose. */
  readonly heldMs?: number;
}

/** One disruption of a story, with the instances before and after it. */
export interface Restart {
  readonly index: number;
  readonly type: 'restart' | 'outage' | 'network' | 'pause';
  readonly signal: number;
  readonly ready: number;
  readonly heldMs: number;
  readonly old: string;
  readonly now: string;
}

/** Between two of them everyone comes back, and absentees leave for the next. */
const betweenMs = 420;
/** From the signal until it is seen in force. */
const holdsAfterMs = 23;

/** The first strikes at `signal`, each of the others when all are back from the one before. */
export function restartsFrom(signal: number, plots: readonly RestartPlot[]): Restart[] {
  let [next, boot] = [signal, 1];
  return plots.map(({ kind = 'restart', downMs, heldMs = 0 }, index): Restart => {
    const type: Restart['type'] = kind === 'restart' && heldMs > 0 ? 'outage' : kind;
    const about = { index, type, signal: next, ready: next + downMs, heldMs };
    next = about.ready + betweenMs;
    const old = `boot-${boot}`;
    if (kind === 'restart') boot += 1;
    return { ...about, old, now: `boot-${boot}` };
  });
}

/** When it is let go, and serves again. */
export const releasedAt = ({ signal, heldMs }: Restart): number => signal + holdsAfterMs + heldMs;

const nothing = {
  restart: 'it restarts nothing',
  graceful: 'it ends nothing',
  'exit-code': 'it ends nothing',
};
const lacks: Readonly<Record<Restart['type'], Partial<Record<Facet, string>>>> = {
  restart: {},
  outage: {},
  network: nothing,
  pause: { ...nothing, loss: 'it closes no connection' },
};

export const plannedOf = ({ type }: Pick<Restart, 'type'>): PlannedDisruption => ({
  ...{ type, services: type === 'network' ? [] : ['backend'], holdsConnections: true },
  ...(Object.keys(lacks[type]).length > 0 && { lacks: lacks[type] }),
});

/** What none of them shows, which no check can be judged by. */
export function lackedByAll(restarts: readonly Restart[]): Partial<Record<Facet, string>> {
  const [first, ...others] = restarts.map(({ type }) => lacks[type]);
  const shared = Object.entries(first ?? {}).filter(([facet]) => others.every((one) => facet in one));
  return Object.fromEntries(shared);
}

/** What is done to the target, and what a prober sees of it. */
export function restartTold(restart: Restart): Event[] {
  if (restart.type === 'network') return networkTold(restart);
  return restart.type === 'pause' ? pauseTold(restart) : ownTold(restart);
}

function ownTold(restart: Restart): Event[] {
  const { index, type, signal, ready, heldMs, old, now } = restart;
  const about = { kind: 'disruption', disruption: index, type, service: 'backend' } as const;
  const held: Event[] = [
    { t: signal + holdsAfterMs, ...about, step: 'held' },
    { t: releasedAt(restart), ...about, step: 'released' },
  ];
  return [
    { t: signal - 1, ...about, step: 'begin', instance: old },
    { t: signal, ...about, step: 'signal', signal: 'SIGTERM' },
    { t: signal + 20, ...about, step: 'exited', exitCode: 0, killed: false },
    { t: signal + 22, ...about, step: 'port-closed' },
    ...(heldMs > 0 ? held : []),
    { t: releasedAt(restart) + 2, ...about, step: 'started' },
    { t: ready + 1, ...about, step: 'ready', instance: now },
    { t: ready + 2, ...about, step: 'end' },
    ...looks([signal - 10, old], [signal + 10, null], [signal + 30, null], [ready, now], [ready + 20, now]),
  ];
}

/** A relay tells it, and names no service: nobody looks at a door of it. */
function networkTold(restart: Restart): Event[] {
  const { index, type, signal, ready } = restart;
  const about = { kind: 'disruption', disruption: index, type } as const;
  return [
    { t: signal - 1, ...about, step: 'begin' },
    { t: signal, ...about, step: 'signal', note: 'down, both' },
    { t: signal + holdsAfterMs, ...about, step: 'held', connections: 3 },
    { t: releasedAt(restart), ...about, step: 'released', connections: 4 },
    { t: ready, ...about, step: 'ready' },
    { t: ready + 2, ...about, step: 'end' },
  ];
}

function pauseTold(restart: Restart): Event[] {
  const { index, type, signal, ready, old } = restart;
  const about = { kind: 'disruption', disruption: index, type, service: 'backend' } as const;
  return [
    { t: signal - 1, ...about, step: 'begin', instance: old },
    { t: signal, ...about, step: 'signal', signal: 'SIGSTOP' },
    { t: signal + holdsAfterMs, ...about, step: 'held' },
    { t: releasedAt(restart), ...about, step: 'released', signal: 'SIGCONT' },
    { t: ready + 1, ...about, step: 'ready', instance: old },
    { t: ready + 2, ...about, step: 'end' },
    ...looks([signal - 10, old], [signal + 30, null], [ready, old], [ready + 20, old]),
  ];
}

/** When the prober looked at the door, and which instance it found ready; null: none. */
const looks = (...seen: readonly (readonly [t: number, instance: string | null])[]): Event[] =>
  seen.map(([t, instance]) => ({
    ...{ t, kind: 'probe', service: 'backend', spacing: 20, up: instance !== null, ready: instance !== null },
    ...(instance !== null && { instance }),
  }));
