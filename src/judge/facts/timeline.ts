import type { Event, EventOf, Phase } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';

/** A stretch of time on the history's clock, in ms. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What one disruption did to one replica of a service. Times are ms of the history; null: it did not happen (yet). */
export interface Restart {
  readonly service: string;
  /** The service, with the number of the replica (from 1) where several of it were restarted. */
  readonly name: string;
  /** From 0. */
  readonly replica: number;
  readonly begin: EventOf<'disruption'>;
  readonly signal: EventOf<'disruption'> | null;
  readonly exited: EventOf<'disruption'> | null;
  readonly portClosed: EventOf<'disruption'> | null;
  /** From here to `released` the target is kept from working on purpose. */
  readonly held: EventOf<'disruption'> | null;
  readonly released: EventOf<'disruption'> | null;
  readonly started: EventOf<'disruption'> | null;
  readonly ready: EventOf<'disruption'> | null;
  readonly failed: EventOf<'disruption'> | null;
}

/** A replica that a rollout started from the reserve: nothing was there before. */
export interface Spare {
  readonly service: string;
  readonly replica: number;
  readonly ready: EventOf<'disruption'> | null;
  /** When it was sent back. */
  readonly signal: EventOf<'disruption'> | null;
  readonly exited: EventOf<'disruption'> | null;
}

export interface Disruption {
  readonly index: number;
  readonly type: string;
  readonly beginAt: number;
  /** When it struck: the first signal, or its begin where no signal is seen; null: nothing was done to the target. */
  readonly struckAt: number | null;
  /** When the last of it came to its end; null: it did not (yet). */
  readonly endAt: number | null;
  /** By replica, in the order in which they began. */
  readonly restarts: readonly Restart[];
  readonly spares: readonly Spare[];
}

/** The moment at which a door was seen ready again; it was ready at most `spacing` ms earlier. */
export interface ReadyAgain {
  readonly t: number;
  readonly spacing: number;
  readonly event: Event;
}

export type Interval = 'before' | 'during' | 'after';

/** When what was done to the target, and when this program itself stood still. */
export interface Timeline {
  readonly disruptions: readonly Disruption[];
  readonly stalls: readonly Stretch[];
  /** When something kept the target from working on purpose; to `Infinity` while it does. */
  readonly holds: readonly Stretch[];
  readonly phaseAt: (phase: Phase) => number | null;
  /** Relative to the (first) disruption: before its begin, from there to the phase `settle`, and after. */
  readonly intervalOf: (t: number) => Interval;
  /** First seen ready after this restart, by the independent prober; by the disruption itself where nothing was probed. */
  readonly readyAgain: (restart: Restart) => ReadyAgain | null;
}

type Building<T> = { -readonly [Key in keyof T]: T[Key] };
type OpenDisruption = Building<Omit<Disruption, 'restarts' | 'spares'>> & {
  restarts: Building<Restart>[];
  spares: Building<Spare>[];
};

const steps = {
  signal: 'signal',
  exited: 'exited',
  'port-closed': 'portClosed',
  held: 'held',
  released: 'released',
  started: 'started',
  ready: 'ready',
  failed: 'failed',
} as const;

export const timeline: Projection<Timeline> = {
  id: 'timeline',
  kinds: ['phase', 'probe', 'disruption', 'stall'],
  start: () => new TimelineFold(),
};

class TimelineFold implements Accumulator<Timeline> {
  readonly #phases = new Map<Phase, number>();
  readonly #disruptions: OpenDisruption[] = [];
  /** Only looks that differ from the one before: a quiet door costs nothing. */
  readonly #turns = new Map<string, EventOf<'probe'>[]>();
  readonly #stalls: Stretch[] = [];
  readonly #holds: Stretch[] = [];

  readonly view: Timeline = {
    disruptions: this.#disruptions,
    stalls: this.#stalls,
    holds: this.#holds,
    phaseAt: (phase) => this.#phases.get(phase) ?? null,
    intervalOf: (t) => this.#intervalOf(t),
    readyAgain: (restart) => this.#readyAgain(restart),
  };

  see(event: Event): void {
    if (event.kind === 'disruption') this.#disrupt(event);
    else if (event.kind === 'probe') this.#probe(event);
    else if (event.kind === 'stall') this.#stalls.push({ from: event.t - event.ms, to: event.t });
    else if (event.kind === 'phase' && !this.#phases.has(event.phase)) this.#phases.set(event.phase, event.t);
  }

  #disrupt(event: EventOf<'disruption'>): void {
    const disruption = this.#disruption(event);
    if (event.step === 'begin') this.#begin(disruption, event);
    if (event.step === 'end') disruption.endAt = Math.max(disruption.endAt ?? 0, event.t);
    const field = steps[event.step as keyof typeof steps];
    if (!field) return;
    const its = disruption.restarts.filter((one) => isOf(one, event));
    const { service } = event;
    if (its.length === 0 && service !== undefined) return this.#reserve(disruption, service, event);
    if (event.step === 'signal') disruption.struckAt = Math.min(disruption.struckAt ?? Infinity, event.t);
    else if (event.step !== 'failed') disruption.struckAt ??= disruption.beginAt;
    for (const restart of its) restart[field] ??= event;
    if (field === 'held' || field === 'released')
      this.#holds.splice(0, Infinity, ...this.#disruptions.flatMap(({ restarts }) => holdsOf(restarts)));
  }

  #begin(disruption: OpenDisruption, event: EventOf<'disruption'>): void {
    disruption.beginAt = Math.min(disruption.beginAt, event.t);
    const restart = begun(event);
    disruption.restarts.push(restart);
    const replicas = disruption.restarts.filter(({ service }) => service === restart.service);
    if (replicas.every(({ replica }) => replica === restart.replica)) return;
    for (const one of replicas) one.name = `${one.service}.${one.replica + 1}`;
  }

  /** What is told of a replica that nothing was begun with is told of one from the reserve. */
  #reserve({ spares }: OpenDisruption, service: string, event: EventOf<'disruption'>): void {
    const { replica, step } = event;
    if (replica === undefined) return;
    let spare = spares.find((one) => one.service === service && one.replica === replica);
    if (!spare && step === 'started')
      spares.push((spare = { service, replica, ready: null, signal: null, exited: null }));
    if (spare && (step === 'ready' || step === 'signal' || step === 'exited')) spare[step] ??= event;
  }

  #disruption(event: EventOf<'disruption'>): OpenDisruption {
    const found = this.#disruptions.find(({ index }) => index === event.disruption);
    if (found) return found;
    const { disruption: index, type, t: beginAt } = event;
    const made: OpenDisruption = {
      index,
      type,
      beginAt,
      struckAt: null,
      endAt: null,
      restarts: [],
      spares: [],
    };
    this.#disruptions.push(made);
    return made;
  }

  #probe(event: EventOf<'probe'>): void {
    const door = doorOf(event);
    const turns = this.#turns.get(door) ?? [];
    const last = turns.at(-1);
    if (last && last.ready === event.ready && last.instance === event.instance) return;
    turns.push(event);
    this.#turns.set(door, turns);
  }

  #intervalOf(t: number): Interval {
    const begin = Math.min(...this.#disruptions.map(({ beginAt }) => beginAt));
    if (t < begin) return 'before';
    return t < (this.#phases.get('settle') ?? Infinity) ? 'during' : 'after';
  }

  /** What is seen later was seen by who looks at the next disruption, and may have been so for long. */
  #lookedAtUntil(restart: Restart): number {
    const own = this.#disruptions.findIndex(({ restarts }) => restarts.includes(restart));
    const isLast = own === this.#disruptions.length - 1;
    return isLast ? Infinity : (this.#disruptions[own]?.endAt ?? Infinity);
  }

  #readyAgain(restart: Restart): ReadyAgain | null {
    // What was held on purpose can be ready from when it was let go, and not before.
    const since = (restart.released ?? restart.signal ?? restart.begin).t;
    const turns = (this.#turns.get(doorOf(restart)) ?? []).filter(({ t }) => t >= since);
    const old = restart.begin.instance;
    const down = turns.findIndex(({ ready }) => !ready);
    const seen = turns.find(
      ({ ready, instance }, index) =>
        ready &&
        (restart.released !== null ||
          (old !== undefined && instance !== undefined ? instance !== old : down !== -1 && index > down)),
    );
    if (seen && (restart.ready === null || seen.t <= this.#lookedAtUntil(restart)))
      return { t: seen.t, spacing: seen.spacing, event: seen };
    return restart.ready && { t: restart.ready.t, spacing: 0, event: restart.ready };
  }
}

const begun = (begin: EventOf<'disruption'>): Building<Restart> => ({
  service: begin.service ?? 'the target',
  name: begin.service ?? 'the target',
  replica: begin.replica ?? 0,
  begin,
  signal: null,
  exited: null,
  portClosed: null,
  held: null,
  released: null,
  started: null,
  ready: null,
  failed: null,
});

const holdsOf = (restarts: readonly Restart[]): Stretch[] =>
  restarts.flatMap(({ held, released }) => (held ? [{ from: held.t, to: released?.t ?? Infinity }] : []));

/** Each replica has a door of its own. */
const doorOf = ({ service, replica = 0 }: { readonly service: string; readonly replica?: number }) =>
  JSON.stringify([service, replica]);

/** A step without a service is about all of them. */
const isOf = ({ begin }: Restart, { service, replica }: EventOf<'disruption'>) =>
  service === undefined || (begin.service === service && (begin.replica ?? 0) === (replica ?? 0));

/** When every restarted door of a disruption was seen ready again; null: one of them never was. */
export function readyAgainAt(view: Timeline, disruption: Disruption): number | null {
  const times = disruption.restarts.map((restart) => view.readyAgain(restart)?.t ?? null);
  return times.length === 0 || times.includes(null) ? null : Math.max(...times.map((t) => t ?? 0));
}

/** From when nothing was disrupted any more: all doors of all disruptions were seen ready again. `Infinity`: never. */
export function wholeAgainAt(view: Timeline): number {
  const times = view.disruptions.map((disruption) =>
    // A service that others depend on may be ready before they are: its disruption ends when all of them are.
    Math.max(readyAgainAt(view, disruption) ?? Infinity, disruption.endAt ?? 0),
  );
  return times.length === 0 ? Infinity : Math.max(...times);
}

/** For how much of a stretch the target was kept from working on purpose, in ms. Source: semantics, "Time". */
export const heldBetween = (view: Timeline, from: number, to: number): number =>
  coveredBetween(view.holds, from, to);

/** How much of that time is nobody's, in ms: held, or not seen because this program stood still. What is both counts once. */
export const idleBetween = (view: Timeline, from: number, to: number): number =>
  coveredBetween([...view.holds, ...view.stalls], from, to);

/** How much of that time this program itself stood still, in ms. */
export const stalledBetween = ({ stalls }: Timeline, from: number, to: number): number =>
  coveredBetween(stalls, from, to);

/** What several of them cover counts once. */
function coveredBetween(stretches: readonly Stretch[], from: number, to: number): number {
  let [sum, counted] = [0, from];
  for (const stretch of [...stretches].sort((one, other) => one.from - other.from)) {
    const begin = Math.max(stretch.from, counted);
    const end = Math.min(stretch.to, to);
    if (end <= begin) continue;
    sum += end - begin;
    counted = end;
  }
  return sum;
}
