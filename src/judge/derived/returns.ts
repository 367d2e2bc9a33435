import { connections, isCutAt, type Connection, type Line } from '../facts/connections.js';
import { seatsOf } from '../facts/seats.js';
import { readyAgainAt, timeline, type Disruption } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';

/** One session and one disruption: what it lost, and how it came back. */
export interface Return {
  readonly session: string;
  readonly line: Line;
  readonly disruption: Disruption;
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
    .disruptions.flatMap((disruption) =>
      residents.flatMap((line) => returnOf(context, line, disruption) ?? []),
    );
});

/** Those whose connection was on what was disrupted. */
export const struckOf = (context: Context): readonly Return[] =>
  returnsOf(context).filter(({ how }) => how === 'struck');

function returnOf(context: Context, line: Line, disruption: Disruption): Return | null {
  const { struckAt } = disruption;
  if (struckAt === null) return null;
  const cut = line.cuts.find(({ from, to }) => from <= struckAt && struckAt < (to ?? Infinity));
  if (cut) return cut.to === null ? null : awayReturn(line, disruption, cut.from, cut.to);
  const had = line.connections.find(
    ({ ready, close }) =>
      ready !== null && ready.t <= struckAt && (close?.t ?? Infinity) >= disruption.beginAt,
  );
  return had && isStruck(context, had, disruption) ? struckReturn(context, line, disruption, had) : null;
}

function awayReturn(line: Line, disruption: Disruption, from: number, to: number): Return | null {
  const had = line.connections.findLast(({ ready }) => ready !== null && ready.t <= from);
  if (!had) return null;
  const back = line.connections.find(({ ready }) => ready !== null && ready.t >= to) ?? null;
  const backAt = back?.ready?.t ?? null;
  return { session: line.session, line, disruption, how: 'away', had, lostAt: from, back, backAt };
}

function struckReturn(context: Context, line: Line, disruption: Disruption, had: Connection): Return {
  const { session } = line;
  const loss = lossOf(context, had, disruption);
  if (loss === null) {
    const backAt = readyAgainAt(context.facts(timeline), disruption);
    return { session, line, disruption, how: 'struck', had, lostAt: null, back: had, backAt };
  }
  const back = line.connections.find(({ ready }) => ready !== null && ready.t >= loss) ?? null;
  const backAt = back?.ready?.t ?? null;
  return { session, line, disruption, how: 'struck', had, lostAt: loss, back, backAt };
}

/** A connection is not struck when it is known to be on another instance. */
function isStruck(context: Context, { open }: Connection, disruption: Disruption): boolean {
  const planned = context.header.plan.disruptions[disruption.index];
  if (planned?.holdsConnections === false) return false;
  // What is restarted beneath the service that holds them meets all of them.
  if (planned?.lacks?.instance !== undefined) return true;
  const instances = disruption.restarts.map(({ begin }) => begin.instance);
  return open?.instance === undefined || instances.includes(undefined) || instances.includes(open.instance);
}

/** When the session noticed; null: not because of this disruption. */
function lossOf(context: Context, { close }: Connection, disruption: Disruption): number | null {
  if (!close || close.by === 'session') return null;
  const { disruptions, phaseAt } = context.facts(timeline);
  const next = disruptions.find(({ index }) => index > disruption.index)?.beginAt;
  return close.t < Math.min(next ?? Infinity, phaseAt('audit') ?? Infinity) ? close.t : null;
}

/** Connections after the return that broke again, with no disruption and no cut to explain it. */
export function droppedAgain(context: Context, { line, disruption, back }: Return): readonly Connection[] {
  if (!back) return [];
  const { disruptions, phaseAt } = context.facts(timeline);
  const until =
    disruptions.find(({ index }) => index > disruption.index)?.beginAt ?? phaseAt('audit') ?? Infinity;
  return line.connections.filter(
    ({ number, close, open }) =>
      number >= back.number &&
      open !== null &&
      close !== null &&
      close.by !== 'session' &&
      close.t >= (back.ready?.t ?? 0) &&
      close.t < until &&
      !isCutAt(line, close.t),
  );
}

/** Is this session connected when the chat is over? What is closed during the audit does not count. */
export function isThereAtTheEnd(context: Context, { line }: Return): boolean {
  const last = line.connections.findLast(({ ready }) => ready !== null);
  if (!last?.close || last.close.by === 'session') return last !== undefined;
  return last.close.t >= (context.facts(timeline).phaseAt('audit') ?? Infinity);
}
