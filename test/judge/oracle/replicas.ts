import { standardRollout } from '../../../src/contract/contracts.js';
import type { Event, EventOf, Kind } from '../../../src/history/events.js';
import { cutsOf } from './restart.js';
import { grouped, isResident, least, most, of, phaseAt, remembered, type Told } from './reading.js';

/** From when one life of a replica was ready to when it was asked to leave, as the steps of the rollout say it. */
export interface Life {
  readonly name: string;
  readonly instance: string | undefined;
  readonly generation: number;
  readonly from: number;
  readonly to: number;
  /** When what ended it began, and when the replica was ready again, or gone for good; null: nothing did. */
  readonly ended: { readonly at: number; readonly backAt: number } | null;
}

type Step = EventOf<'disruption'>;

/** Of a rollout of one service, without a prober. */
export const livesIn = remembered((told): Life[] => {
  const steps = of(told, 'disruption', ({ service }) => service !== undefined);
  const replicas = [...new Set(steps.map(({ replica }) => replica ?? 0))];
  const planned = replicas.flatMap((replica) =>
    livesOfReplica(
      replica,
      steps.filter((step) => (step.replica ?? 0) === replica),
    ),
  );
  const known = new Set(planned.map(({ instance }) => instance));
  const opens = of(told, 'open', ({ instance }) => instance !== undefined);
  if (!opens.some(({ instance }) => known.has(instance))) return planned;
  const others = [...new Set(opens.map(({ instance }) => instance))].filter((one) => !known.has(one));
  return [...planned, ...others.map((instance) => untouched(told, instance))];
});

function livesOfReplica(replica: number, steps: readonly Step[]): Life[] {
  const [begin, signal, exited, ready] = (['begin', 'signal', 'exited', 'ready'] as const).map((wanted) =>
    steps.find(({ step }) => step === wanted),
  );
  const about = { name: `backend.${replica + 1}`, instance: ready?.instance, generation: 1 };
  if (!begin) {
    const left = signal ?? exited;
    const ended = left ? { at: left.t, backAt: exited?.t ?? Infinity } : null;
    return ready ? [{ ...about, from: ready.t, to: left?.t ?? Infinity, ended }] : [];
  }
  const backAt = ready?.t ?? Infinity;
  const old = { ...about, instance: begin.instance, generation: 0, from: -Infinity };
  const first = { ...old, to: signal?.t ?? begin.t, ended: { at: begin.t, backAt } };
  return ready ? [first, { ...about, from: ready.t, to: Infinity, ended: null }] : [first];
}

/** Sessions were on it, and nothing was done to it. */
function untouched(told: Told, instance: string | undefined): Life {
  const seenAt = least(of(told, 'open', (event) => event.instance === instance).map(({ t }) => t));
  const isOld = seenAt < beginOf(told);
  return {
    ...{ name: instance ?? '', instance, to: Infinity, ended: null },
    ...(isOld ? { generation: 0, from: -Infinity } : { generation: 1, from: seenAt }),
  };
}

export const beginOf = (told: Told): number => least(of(told, 'disruption').map(({ t }) => t));

export const replicasOf = (lives: readonly Life[]): number => new Set(lives.map(({ name }) => name)).size;

/** Those that had been ready for so long then. */
export const readyAt = (told: Told, t: number, forMs = 0): Life[] =>
  livesIn(told).filter(({ from, to }) => from + forMs <= t && t < to);

export const rolloutIn = ({ header }: Told) => header.contract.rollout ?? standardRollout;

/** What became of one attempt to connect. */
export interface Try {
  readonly session: string;
  readonly conn: number | undefined;
  readonly connect: EventOf<'connect'>;
  readonly open: EventOf<'open'> | undefined;
  readonly ready: EventOf<'ready'> | undefined;
  readonly close: EventOf<'close'> | undefined;
  readonly refused: EventOf<'refused'> | undefined;
  readonly life: Life | null;
}

/** All attempts of those who live through the run. */
export const triesIn = remembered((told): Try[] =>
  of(told, 'connect', ({ session }) => isResident(told, session)).map((connect) => {
    const { session, conn } = connect;
    const isIts = (event: { session: string; conn?: number }) =>
      event.session === session && event.conn === conn;
    const [open] = of(told, 'open', isIts);
    return {
      ...{ session, conn, connect, open, life: lifeOf(told, open?.instance) },
      ready: of(told, 'ready', isIts)[0],
      close: of(told, 'close', isIts)[0],
      refused: of(told, 'refused', isIts)[0],
    };
  }),
);

export const lifeOf = (told: Told, instance: string | undefined): Life | null =>
  instance === undefined ? null : (livesIn(told).findLast((life) => life.instance === instance) ?? null);

export const isCutAt = (told: Told, session: string, t: number): boolean =>
  cutsOf(told, session).some(({ from, to }) => from <= t && t < to);

/** What closes while its instance is restarted, and until a second after, was closed by that. */
export function isOfRestart(told: Told, life: Life | null, t: number): boolean {
  const lives = life ? [life] : livesIn(told);
  return lives.some(({ ended }) => ended !== null && t >= ended.at && t < ended.backAt + 1_000);
}

/** By session and connection, everything on it, in the order of the file. */
const onConnections = remembered((told) =>
  grouped(
    told.events.flatMap((event) => ('session' in event && event.conn !== undefined ? [event] : [])),
    ({ session, conn }) => `${session} ${conn}`,
  ),
);
const eventsOn = (told: Told, { session, conn }: Pick<Try, 'session' | 'conn'>): readonly Event[] =>
  onConnections(told).get(`${session} ${conn}`) ?? [];

/** When somebody said something on it. */
export const timesOn = (told: Told, one: Pick<Try, 'session' | 'conn'>, kinds: readonly Kind[]): number[] =>
  eventsOn(told, one)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ t }) => t);

const trafficOn = (told: Told, one: Try) => timesOn(told, one, ['receive', 'ack']);

/** How long nothing was said before a close. */
export function quietBefore(told: Told, one: Try, t: number): number {
  return t - most([one.ready?.t ?? 0, trafficOn(told, one).at(-1) ?? 0]);
}

/** The longest silence that a connection outlived. */
export function outlivedOn(told: Told, one: Try): number {
  if (!one.ready) return 0;
  const readyT = one.ready.t;
  const traffic = trafficOn(told, one).filter((t) => t >= readyT);
  const gaps = traffic.map((t, index) => t - (traffic[index - 1] ?? readyT));
  const last = one.close?.by === 'session' ? [quietBefore(told, one, one.close.t)] : [];
  return most([0, ...gaps, ...last]);
}

export const auditOf = (told: Told): number => phaseAt(told, 'audit');
