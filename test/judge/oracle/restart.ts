import type { EventOf } from '../../../src/history/events.js';
import { endOf, least, most, of, phaseAt, remembered, residents, type Told } from './reading.js';

type Step = EventOf<'disruption'>;

/** The one restart of a history of one service with one replica. */
export interface Blow {
  readonly begin: Step;
  readonly beginAt: number;
  readonly struckAt: number;
}

/** Null: nothing was done to the target. */
export function blowIn(told: Told): Blow | null {
  const [begin] = of(told, 'disruption', ({ step }) => step === 'begin');
  const others = of(told, 'disruption', ({ step }) => step !== 'begin' && step !== 'failed');
  if (!begin || others.length === 0) return null;
  const signals = others.filter(({ step }) => step === 'signal').map(({ t }) => t);
  return { begin, beginAt: begin.t, struckAt: signals.length > 0 ? least(signals) : begin.t };
}

/** The first look at the door that finds another instance than before ready; where there is none, the word of the restart. */
export function readyIn(told: Told): { t: number; spacing: number } | null {
  const blow = blowIn(told);
  if (!blow) return null;
  const looks = of(told, 'probe', ({ t }) => t >= blow.struckAt);
  const old = blow.begin.instance;
  const isAgain = (look: EventOf<'probe'>, index: number) =>
    look.ready &&
    (old !== undefined && look.instance !== undefined
      ? look.instance !== old
      : looks.slice(0, index).some(({ ready }) => !ready));
  const seen = looks.find(isAgain);
  if (seen) return { t: seen.t, spacing: seen.spacing };
  const [said] = of(told, 'disruption', ({ step }) => step === 'ready');
  return said ? { t: said.t, spacing: 0 } : null;
}

/** From when nothing was being done to the target any more. */
export function wholeAt(told: Told): number {
  const ready = readyIn(told);
  const ends = of(told, 'disruption', ({ step }) => step === 'end').map(({ t }) => t);
  return ready ? most([ready.t, ...ends]) : Infinity;
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

/** The boot id changed, or the port was closed. */
export function isProved(told: Told): boolean {
  const begins = of(told, 'disruption', ({ step }) => step === 'begin');
  const readies = of(told, 'disruption', ({ step }) => step === 'ready');
  const isClosed = of(told, 'disruption', ({ step }) => step === 'port-closed').length > 0;
  const [before, after] = [begins[0]?.instance, readies[0]?.instance];
  return begins.length > 0 && (isClosed || (before !== undefined && after !== undefined && before !== after));
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

/** A session that the restart concerned: its connection was on what was restarted, or it was cut over it. */
export interface Concerned {
  readonly session: string;
  readonly how: 'struck' | 'away';
  readonly had: Held;
  /** Null: it never broke. */
  readonly lostAt: number | null;
  readonly back: Held | null;
  readonly backAt: number | null;
}

export const concernedIn = remembered((told): Concerned[] => {
  const blow = blowIn(told);
  return blow ? residents(told).flatMap((session) => concerned(told, blow, session) ?? []) : [];
});

function concerned(told: Told, blow: Blow, session: string): Concerned | null {
  const held = heldBy(told, session);
  const cut = cutsOf(told, session).find(({ from, to }) => from <= blow.struckAt && blow.struckAt < to);
  if (cut) {
    const had = held.filter(({ readyAt }) => readyAt <= cut.from).at(-1);
    if (!had || cut.to === Infinity) return null;
    const back = held.find(({ readyAt }) => readyAt >= cut.to) ?? null;
    return { session, how: 'away', had, lostAt: cut.from, back, backAt: back?.readyAt ?? null };
  }
  const had = held.find(
    ({ readyAt, close }) => readyAt <= blow.struckAt && (close?.t ?? Infinity) >= blow.beginAt,
  );
  const on = had?.instance;
  const isElsewhere = on !== undefined && blow.begin.instance !== undefined && on !== blow.begin.instance;
  if (!had || isElsewhere || told.header.plan.disruptions[0]?.holdsConnections === false) return null;
  return struck(told, had, held);
}

function struck(told: Told, had: Held, held: readonly Held[]): Concerned {
  const { session, close } = had;
  const isLost = close !== null && close.by !== 'session' && close.t < phaseAt(told, 'audit');
  if (!isLost) {
    const backAt = readyIn(told)?.t ?? null;
    return { session, how: 'struck', had, lostAt: null, back: had, backAt };
  }
  const back = held.find(({ readyAt }) => readyAt >= close.t) ?? null;
  return { session, how: 'struck', had, lostAt: close.t, back, backAt: back?.readyAt ?? null };
}

/** Is it connected when the chat is over? */
export function isThereAtTheEnd(told: Told, session: string): boolean {
  const last = heldBy(told, session).at(-1);
  if (!last) return false;
  return last.close === null || last.close.by === 'session' || last.close.t >= phaseAt(told, 'audit');
}
