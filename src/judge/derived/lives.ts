import { standardRollout } from '../../contract/contracts.js';
import type { Rollout } from '../../contract/data.js';
import { connections, type Connection } from '../facts/connections.js';
import { timeline, type Disruption, type Restart, type Spare, type Timeline } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';

/** One life of one replica: from when it was ready at its own door to when it was asked to leave. Times are ms of the history. */
export interface Life {
  /** `backend.2`: as placeholders name it. */
  readonly name: string;
  readonly service: string;
  /** From 0; null: nothing was ever done to it, so only its sessions told of it. */
  readonly replica: number | null;
  /** Null: its door did not tell. */
  readonly instance: string | null;
  /** How many lives this replica had before, in this history: 0 is from before the disruption. */
  readonly generation: number;
  /** `-Infinity`: it was there from the beginning. */
  readonly readyFrom: number;
  /** `Infinity`: it was there to the end. */
  readonly readyTo: number;
  /** What ended it. */
  readonly ended: Ended | null;
}

export interface Ended {
  readonly disruption: Disruption;
  /** When it was begun with. */
  readonly begunAt: number;
  /** When its replica was ready again, or was gone for good; `Infinity`: never. */
  readonly backAt: number;
}

type Building = { -readonly [Key in keyof Life]: Life[Key] };

/** Every life of the replicas behind the balancer, in the order in which they were ready. */
export const livesOf = once((context): readonly Life[] => {
  const view = context.facts(timeline);
  const chains = new Map<string, Building[]>();
  for (const disruption of view.disruptions) {
    for (const restart of disruption.restarts) {
      const key = JSON.stringify([restart.service, restart.replica]);
      const before = chains.get(key) ?? [];
      chains.set(key, [...before, ...livesAround(view, disruption, restart, before)]);
    }
  }
  const spares = view.disruptions.flatMap((disruption) =>
    disruption.spares.flatMap((spare) => spared(disruption, spare) ?? []),
  );
  const all = balanced(context, [...chains.values(), spares].flat());
  return [...all, ...untouched(context, all)].sort((one, other) => one.readyFrom - other.readyFrom);
});

/** What the contract promises of rollouts. */
export const rolloutOf = ({ header }: Context): Rollout => header.contract.rollout ?? standardRollout;

/** The life that holds a connection; null: the connection names none, or one that nobody knows. */
export const lifeOf = (context: Context, { open }: Connection): Life | null =>
  open?.instance === undefined ? null : (livesByInstance(context).get(open.instance) ?? null);

/** Those that had been ready for so long at that moment, and were not asked to leave yet. */
export const readyFor = (lives: readonly Life[], t: number, forMs: number): readonly Life[] =>
  lives.filter(({ readyFrom, readyTo }) => readyFrom + forMs <= t && t < readyTo);

/** When the readiness of any of them changed. */
export const turnsOf = (lives: readonly Life[]): readonly number[] =>
  lives.flatMap(({ readyFrom, readyTo }) => [readyFrom, readyTo]).filter(Number.isFinite);

/** Each replica by name, once. */
export const replicasOf = (lives: readonly Life[]): readonly string[] => [
  ...new Set(lives.map(({ name }) => name)),
];

const livesByInstance = once(
  (context) =>
    new Map(
      livesOf(context).flatMap((life): [string, Life][] =>
        life.instance === null ? [] : [[life.instance, life]],
      ),
    ),
);

/** Ends the life that was there (made, where this is the first that is heard of it), and begins the next. */
function livesAround(
  view: Timeline,
  disruption: Disruption,
  restart: Restart,
  before: readonly Building[],
): Building[] {
  const { begin, signal, ready } = restart;
  const backAt = view.readyAgain(restart)?.t ?? Infinity;
  const known = before.at(-1);
  const old = known ?? lived(restart, begin.instance, 0, -Infinity);
  old.readyTo = signal?.t ?? begin.t;
  old.ended = { disruption, begunAt: begin.t, backAt };
  const next = backAt === Infinity ? [] : [lived(restart, ready?.instance, old.generation + 1, backAt)];
  return known ? next : [old, ...next];
}

/** The one life of a replica from the reserve; null: it never got ready. */
function spared(disruption: Disruption, spare: Spare): Life | null {
  const { ready, signal, exited } = spare;
  if (!ready) return null;
  const life = lived(spare, ready.instance, 1, ready.t);
  const leftAt = signal?.t ?? exited?.t;
  if (leftAt === undefined) return life;
  return { ...life, readyTo: leftAt, ended: { disruption, begunAt: leftAt, backAt: exited?.t ?? Infinity } };
}

function lived(
  { service, replica }: Pick<Restart, 'service' | 'replica'>,
  instance: string | undefined,
  generation: number,
  readyFrom: number,
): Building {
  const name = `${service}.${replica + 1}`;
  const standing = { name, service, replica, generation, readyFrom };
  return { ...standing, instance: instance ?? null, readyTo: Infinity, ended: null };
}

/** Other services may be disrupted as well: what counts is the one that sessions' connections name, or that has several replicas. */
function balanced(context: Context, lives: readonly Life[]): readonly Life[] {
  const named = instancesOf(context);
  const holders = new Set(
    lives.filter(({ instance }) => named.has(instance ?? '')).map(({ service }) => service),
  );
  const several = new Set(lives.filter(({ replica }) => (replica ?? 0) > 0).map(({ service }) => service));
  const services = holders.size > 0 ? holders : several;
  return lives.filter(({ service }) => services.has(service));
}

/** Instances that sessions were on, and that no disruption touched. */
function untouched(context: Context, lives: readonly Life[]): Life[] {
  const known = new Set(lives.map(({ instance }) => instance));
  // Where none of the names is known at a door, connections and doors speak of different things.
  if (![...instancesOf(context).keys()].some((instance) => known.has(instance))) return [];
  const begin = context.facts(timeline).disruptions[0]?.beginAt ?? Infinity;
  const service = lives[0]?.service ?? 'the target';
  return [...instancesOf(context)].flatMap(([instance, seenAt]): Life[] => {
    if (known.has(instance)) return [];
    const isOld = seenAt < begin;
    const ready = { readyFrom: isOld ? -Infinity : seenAt, readyTo: Infinity, ended: null };
    return [{ name: instance, service, replica: null, instance, generation: isOld ? 0 : 1, ...ready }];
  });
}

/** By instance that connections name: when it was first met. */
const instancesOf = once((context): ReadonlyMap<string, number> => {
  const seen = new Map<string, number>();
  for (const line of context.facts(connections).values()) {
    for (const { open } of line.connections) {
      if (open?.instance === undefined) continue;
      seen.set(open.instance, Math.min(open.t, seen.get(open.instance) ?? Infinity));
    }
  }
  return seen;
});
