import type { EventOf, Facet } from '../../../src/history/events.js';
import { coveredIn, stallsOf } from './reading.js';
import { endOf, least, most, of, phaseAt, remembered, residents, type Told } from './reading.js';

type Step = EventOf<'disruption'>;

/** What one disruption did to the one replica of the one service. */
export interface Blow {
  readonly index: number;
  readonly begin: Step;
  readonly steps: readonly Step[];
  readonly beginAt: number;
  readonly struckAt: number;
  /** When the next disruption began; `Infinity`: it is the last. */
  readonly nextAt: number;
}

const indicesOf = (told: Told) => [...new Set(of(told, 'disruption').map(({ disruption }) => disruption))];

/** All that struck, in order. Nothing was done to the target by those of which no more is told than that they began. */
export const blowsIn = remembered((told): Blow[] =>
  indicesOf(told).flatMap((index, place, all) => {
    const steps = of(told, 'disruption', ({ disruption }) => disruption === index);
    const [begin] = steps.filter(({ step }) => step === 'begin');
    const others = steps.filter(({ step }) => step !== 'begin' && step !== 'failed');
    if (!begin || others.length === 0) return [];
    const signals = others.filter(({ step }) => step === 'signal').map(({ t }) => t);
    const next = of(told, 'disruption', ({ disruption }) => disruption === all[place + 1]);
    return [
      {
        ...{ index, begin, steps, beginAt: begin.t, nextAt: least(next.map(({ t }) => t)) },
        struckAt: signals.length > 0 ? least(signals) : begin.t,
      },
    ];
  }),
);

const stepAt = ({ steps }: Blow, wanted: Step['step']): number | undefined =>
  steps.find(({ step }) => step === wanted)?.t;

/** The target was kept down on purpose from the first of these to the second. */
export const holdsIn = (told: Told): { from: number; to: number }[] =>
  blowsIn(told).flatMap((blow) => {
    const from = stepAt(blow, 'held');
    return from === undefined ? [] : [{ from, to: stepAt(blow, 'released') ?? Infinity }];
  });

export const heldIn = (told: Told, from: number, to: number) => coveredIn(holdsIn(told), from, to);

/** What is nobody's time: kept down on purpose, or not seen because this program stood still. What is both counts once. */
export const idleIn = (told: Told, from: number, to: number) =>
  coveredIn([...holdsIn(told), ...stallsOf(told)], from, to);

/** The first look at the door that finds another instance than before ready; where there is none, the word of the restart. */
export function readyAfter(told: Told, blow: Blow): { t: number; spacing: number } | null {
  const released = stepAt(blow, 'released');
  const isItsDoor = (look: EventOf<'probe'>) => look.service === blow.begin.service;
  const looks = of(told, 'probe', (look) => isItsDoor(look) && look.t >= (released ?? blow.struckAt));
  const old = blow.begin.instance;
  const isAgain = (look: EventOf<'probe'>, index: number) =>
    look.ready &&
    (released !== undefined ||
      (old !== undefined && look.instance !== undefined
        ? look.instance !== old
        : looks.slice(0, index).some(({ ready }) => !ready)));
  const seen = looks.find(isAgain);
  const said = stepAt(blow, 'ready');
  // What is seen when it is over, and another has begun since, was looked at for that one.
  const until = blow.nextAt === Infinity ? Infinity : (stepAt(blow, 'end') ?? Infinity);
  if (seen && (said === undefined || seen.t <= until)) return { t: seen.t, spacing: seen.spacing };
  return said === undefined ? null : { t: said, spacing: 0 };
}

/** From when nothing was being done to the target any more. */
export function wholeAt(told: Told): number {
  const blows = blowsIn(told);
  if (blows.length === 0 || blows.length < indicesOf(told).length) return Infinity;
  return most(blows.flatMap((blow) => [readyAfter(told, blow)?.t ?? Infinity, stepAt(blow, 'end') ?? 0]));
}

export function intervalOf(told: Told, t: number): 'before' | 'during' | 'after' {
  const begins = of(told, 'disruption').map((event) => event.t);
  if (t < least(begins)) return 'before';
  return t < phaseAt(told, 'settle') ? 'during' : 'after';
}

/** Did the target not come back? */
export function isGone(told: Told): boolean {
  const end = endOf(told);
  if (end?.how === 'failed' && end.code === 'DISRUPTION_FAILED') return false;
  const isSaid = end?.how === 'failed' && ['RESTART_FAILED', 'TARGET_GONE'].includes(end.code ?? '');
  return isSaid || of(told, 'disruption', ({ step }) => step === 'failed').length > 0;
}

/** Did the run end before everyone was waited for? */
export function isEarly(told: Told): boolean {
  const end = endOf(told);
  if (!end || end.how === 'interrupted') return true;
  return end.how === 'failed' && phaseAt(told, 'settle') === Infinity;
}

/** Of each of them the boot id changed, or the port was closed. */
export const isProved = (told: Told): boolean => {
  const blows = blowsIn(told);
  return blows.length > 0 && blows.every((blow) => isBlowProved(told, blow));
};

/** Is this among what the plan says that it shows? */
export const shows = (told: Told, { index }: Blow, ...facets: readonly Facet[]): boolean =>
  facets.every((facet) => told.header.plan.disruptions[index]?.lacks?.[facet] === undefined);

/** What restarts nothing was seen in force, and where it counts connections it met some. */
export function isBlowProved(told: Told, blow: Blow): boolean {
  const { steps, begin } = blow;
  if (!shows(told, blow, 'restart')) {
    const [held] = steps.filter(({ step }) => step === 'held');
    const [released] = steps.filter(({ step }) => step === 'released');
    return held !== undefined && (released?.connections ?? held.connections) !== 0;
  }
  const [ready] = steps.filter(({ step }) => step === 'ready');
  const isClosed = steps.some(({ step }) => step === 'port-closed');
  const [before, after] = [begin.instance, ready?.instance];
  return isClosed || (before !== undefined && after !== undefined && before !== after);
}

/** One connection on which a session was signed in. */
export interface Held {
  readonly session: string;
  readonly conn: number;
  readonly readyAt: number;
  readonly instance: string | undefined;
  readonly close: EventOf<'close'> | null;
}

export function heldBy(told: Told, session: string): Held[] {
  return of(told, 'ready', (event) => event.session === session).map(({ t: readyAt, conn = 0 }) => {
    const isOnIt = (event: { session: string; conn?: number }) =>
      event.session === session && event.conn === conn;
    const [close = null] = of(told, 'close', isOnIt);
    return { session, conn, readyAt, instance: of(told, 'open', isOnIt)[0]?.instance, close };
  });
}

export const cutsOf = (told: Told, session: string): { from: number; to: number }[] =>
  of(told, 'cut', (event) => event.session === session).map(({ t: from }) => ({
    from,
    to: least(of(told, 'uncut', (event) => event.session === session && event.t >= from).map(({ t }) => t)),
  }));

/** A session that a restart concerned: its connection was on what was restarted, or it was cut over it. */
export interface Concerned {
  readonly session: string;
  readonly blow: Blow;
  readonly how: 'struck' | 'away';
  readonly had: Held;
  /** Null: it never broke, or by another restart. */
  readonly lostAt: number | null;
  readonly back: Held | null;
  readonly backAt: number | null;
}

/** Each restart by itself: who was concerned by two of them is in it twice. */
export const concernedIn = remembered((told): Concerned[] =>
  blowsIn(told).flatMap((blow) => residents(told).flatMap((session) => concerned(told, blow, session) ?? [])),
);

function concerned(told: Told, blow: Blow, session: string): Concerned | null {
  const held = heldBy(told, session);
  const cut = cutOver(told, blow, session);
  if (cut) {
    const had = held.filter(({ readyAt }) => readyAt <= cut.from).at(-1);
    if (!had || cut.to === Infinity) return null;
    const back = held.find(({ readyAt }) => readyAt >= cut.to) ?? null;
    return { session, blow, how: 'away', had, lostAt: cut.from, back, backAt: back?.readyAt ?? null };
  }
  const had = held.find((one) => isThere(one, blow));
  return had && isOn(told, blow, had) ? struck(told, blow, had, held) : null;
}

const cutOver = (told: Told, { struckAt }: Blow, session: string) =>
  cutsOf(told, session).find(({ from, to }) => from <= struckAt && struckAt < to);

const isThere = ({ readyAt, close }: Held, { struckAt, beginAt }: Blow) =>
  readyAt <= struckAt && (close?.t ?? Infinity) >= beginAt;

/** Was this connection on what was restarted, as far as the door tells? */
function isOn(told: Told, { index, begin }: Blow, { instance }: Held): boolean {
  const isElsewhere = instance !== undefined && begin.instance !== undefined && instance !== begin.instance;
  return !isElsewhere && told.header.plan.disruptions[index]?.holdsConnections !== false;
}

function struck(told: Told, blow: Blow, had: Held, held: readonly Held[]): Concerned {
  const { session, close } = had;
  const about = { session, blow, how: 'struck', had } as const;
  const isCut = cutsOf(told, session).some(({ from, to }) => close && from <= close.t && close.t < to);
  const isLost = close !== null && close.by !== 'session' && !isCut && close.t < phaseAt(told, 'audit');
  if (!isLost || isOfAnother(told, blow, had, close.t)) {
    return { ...about, lostAt: null, back: had, backAt: readyAfter(told, blow)?.t ?? null };
  }
  const back = held.find(({ readyAt }) => readyAt >= close.t) ?? null;
  return { ...about, lostAt: close.t, back, backAt: back?.readyAt ?? null };
}

/** A loss is of the last restart that met this connection; one that is noticed late may be noticed in the next. */
const isOfAnother = (told: Told, blow: Blow, had: Held, t: number) =>
  blowsIn(told).some(
    (later) =>
      later.beginAt > blow.beginAt && later.beginAt <= t && isThere(had, later) && isOn(told, later, had),
  );

/** Is it connected when the chat is over? */
export function isThereAtTheEnd(told: Told, session: string): boolean {
  const last = heldBy(told, session).at(-1);
  if (!last) return false;
  return last.close === null || last.close.by === 'session' || last.close.t >= phaseAt(told, 'audit');
}
