import { connections, isCutAt, type Connection, type Line } from '../facts/connections.js';
import { seatsOf } from '../facts/seats.js';
import { timeline, type Disruption } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { blowsOf, readyAfter, type Blow } from './blows.js';

/** One session and one blow of a disruption: what it lost, and how it came back. */
export interface Return {
  readonly session: string;
  readonly line: Line;
  readonly disruption: Disruption;
  /** What of the disruption struck it. */
  readonly blow: Blow;
  /** `struck`: its connection was on what was disrupted; `away`: the relay held its network back meanwhile. */
  readonly how: 'struck' | 'away';
  /** The connection that it had. */
  readonly had: Connection;
  /** When it noticed the loss (or was cut); null: its connection never broke. */
  readonly lostAt: number | null;
  /** The first connection afterwards that was ready; `had` itself where that never broke; null: none. */
  readonly back: Connection | null;
  /** From when something must get through to it again; null: it never came that far. */
  readonly backAt: number | null;
}

/** Every session that each disruption concerned, disruption by disruption. Source: semantics, "The restart". */
export const returnsOf = once((context): readonly Return[] => {
  const lines = [...context.facts(connections).values()];
  const seats = seatsOf(context.header);
  const residents = lines.filter(({ session }) => seats.isResident(session));
  return context
    .facts(timeline)
    .disruptions.flatMap((disruption) => residents.flatMap((line) => returnsIn(context, line, disruption)));
});

/** By the plan, nothing that was disrupted holds connections: all sessions simply go on. */
export function holdsNone({ header }: Context): boolean {
  const { disruptions } = header.plan;
  return disruptions.length > 0 && disruptions.every(({ holdsConnections }) => !holdsConnections);
}

export const nobodyThere =
  'No session was connected to what was restarted, so none could lose its connection';

/** Was anybody there who could have noticed? Where nobody was connected, that nobody lost a connection shows nothing. */
export const wasAnyoneThere = (context: Context): boolean =>
  holdsNone(context) || returnsOf(context).length > 0;

/** Those whose connection was on what was disrupted. */
export const struckOf = (context: Context): readonly Return[] =>
  returnsOf(context).filter(({ how }) => how === 'struck');

/** One for each blow that struck it; one for an absence, however many it lasts over. */
function returnsIn(context: Context, line: Line, disruption: Disruption): readonly Return[] {
  const blows = blowsOf(disruption);
  const all = blows.flatMap((blow) => returnOf(context, line, blow, blows.length > 1) ?? []);
  return all.filter(
    ({ how, lostAt }, index) =>
      how === 'struck' || all.findIndex((one) => one.how === 'away' && one.lostAt === lostAt) === index,
  );
}

function returnOf(context: Context, line: Line, blow: Blow, several: boolean): Return | null {
  const { struckAt } = blow;
  const cut = line.cuts.find(({ from, to }) => from <= struckAt && struckAt < (to ?? Infinity));
  if (cut) return cut.to === null ? null : awayReturn(line, blow, cut.from, cut.to);
  const had = line.connections.find((connection) => wasThere(connection, blow));
  return had && isStruck(context, had, blow, several) ? struckReturn(context, line, blow, had) : null;
}

const wasThere = ({ ready, close }: Connection, { struckAt, beginAt }: Blow) =>
  ready !== null && ready.t <= struckAt && (close?.t ?? Infinity) >= beginAt;

function awayReturn(line: Line, blow: Blow, from: number, to: number): Return | null {
  const { disruption } = blow;
  const had = line.connections.findLast(({ ready }) => ready !== null && ready.t <= from);
  if (!had) return null;
  const back = line.connections.find(({ ready }) => ready !== null && ready.t >= to) ?? null;
  const backAt = back?.ready?.t ?? null;
  return { session: line.session, line, disruption, blow, how: 'away', had, lostAt: from, back, backAt };
}

function struckReturn(context: Context, line: Line, blow: Blow, had: Connection): Return {
  const loss = lossOf(context, line, blow.disruption, had);
  const it = { session: line.session, line, disruption: blow.disruption, blow, how: 'struck', had } as const;
  if (loss === null)
    return { ...it, lostAt: null, back: had, backAt: readyAfter(context.facts(timeline), blow) };
  const back = line.connections.find(({ ready }) => ready !== null && ready.t >= loss) ?? null;
  return { ...it, lostAt: loss, back, backAt: back?.ready?.t ?? null };
}

/**
 * A connection is not struck when it is known to be on another instance. Where that is not known and replicas are struck one
 * after the other, it was on the one during whose turn it was lost: it was there when that began.
 */
function isStruck(context: Context, { open, close }: Connection, blow: Blow, several: boolean): boolean {
  const { disruption, instances, nextAt } = blow;
  const planned = context.header.plan.disruptions[disruption.index];
  if (planned?.holdsConnections === false) return false;
  // What is restarted beneath the service that holds them meets all of them.
  if (planned?.lacks?.instance !== undefined) return true;
  const isTold = open?.instance !== undefined && !instances.includes(undefined);
  if (isTold) return instances.includes(open.instance);
  return !several || (close !== null && close.by !== 'session' && close.t < nextAt);
}

/**
 * When the session noticed; null: not because of this disruption. What is noticed late, when a later one has begun, is of that one
 * only if it met this connection; and what our relay cut meanwhile had lived until then.
 */
function lossOf(context: Context, line: Line, disruption: Disruption, had: Connection): number | null {
  const { close } = had;
  if (!close || close.by === 'session' || isCutAt(line, close.t)) return null;
  const { disruptions, phaseAt } = context.facts(timeline);
  const later = disruptions.filter(({ index, beginAt }) => index > disruption.index && beginAt <= close.t);
  if (later.some((one) => hasStruck(context, had, one))) return null;
  return close.t < (phaseAt('audit') ?? Infinity) ? close.t : null;
}

function hasStruck(context: Context, had: Connection, disruption: Disruption): boolean {
  const blows = blowsOf(disruption);
  return blows.some((blow) => wasThere(had, blow) && isStruck(context, had, blow, blows.length > 1));
}

/** Connections after the return that broke again, with no disruption and no cut to explain it. */
export function droppedAgain(context: Context, { line, disruption, back }: Return): readonly Connection[] {
  if (!back) return [];
  const explained = struckConnections(context).get(line);
  const { disruptions, phaseAt } = context.facts(timeline);
  const until =
    disruptions.find(({ index }) => index > disruption.index)?.beginAt ?? phaseAt('audit') ?? Infinity;
  return line.connections.filter(
    ({ number, close, open }) =>
      number >= back.number &&
      explained?.has(number) !== true &&
      open !== null &&
      close !== null &&
      close.by !== 'session' &&
      close.t < until &&
      !isCutAt(line, close.t),
  );
}

/** Those of each session that a blow took. */
const struckConnections = once((context): ReadonlyMap<Line, ReadonlySet<number>> => {
  const found = new Map<Line, Set<number>>();
  for (const { line, had } of struckOf(context))
    found.set(line, (found.get(line) ?? new Set()).add(had.number));
  return found;
});

/** How many sessions some returns are of: one may be struck more than once. */
export const sessionsIn = (returns: readonly Return[]): number =>
  new Set(returns.map(({ session }) => session)).size;

/** Is this session connected when the chat is over? What is closed during the audit does not count. */
export function isThereAtTheEnd(context: Context, { line }: Return): boolean {
  const close = line.connections.findLast(({ ready }) => ready !== null)?.close;
  return (
    !close || close.by === 'session' || close.t >= (context.facts(timeline).phaseAt('audit') ?? Infinity)
  );
}
