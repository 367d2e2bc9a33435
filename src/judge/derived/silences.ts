import type { EventOf } from '../../history/events.js';
import { connections, isCutAt, type Connection, type Line } from '../facts/connections.js';
import { seatsOf } from '../facts/seats.js';
import { timeline } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { lifeOf, livesOf } from './lives.js';

/** A connection that was closed with no restart of its instance near, after a silence. */
export interface Silenced {
  readonly session: string;
  readonly connection: Connection;
  readonly close: EventOf<'close'>;
  /** From the last message or acknowledgement on it (or from when it was ready) to its close, in ms. */
  readonly quietMs: number;
}

/** What silences show. */
export interface Silences {
  /** Closed after about the same silence, while no connection outlived a longer one: an idle time-out. */
  readonly timedOut: readonly Silenced[];
  /** Closed with no restart near, and not so. */
  readonly unexplained: readonly Silenced[];
  /** The longest silence that a connection outlived, in ms. */
  readonly longestOutlivedMs: number;
  /** About how long the time-out is: the median silence, in ms; 0: there is none. */
  readonly idleMs: number;
}

/** The close codes by which a token ceases to be good, or somebody else takes the place: nothing stands between that says so. */
const isOwnWord = (code: number | undefined) => code !== undefined && code >= 4_000;
/** What closes later than this after its replica was ready again was not closed by that restart. */
const aftermathMs = 1_000;
/** Fewer, or after a shorter silence, may be chance. */
const fewest = 3;
const shortestMs = 300;
/** Timers are checked now and then, and clocks are read late: by as long as this program stood still itself. */
const toleranceOf = (ms: number, stallMs: number) => ms * 0.15 + 100 + stallMs;

/** Which closes look like an idle time-out of something that stands between. Source: semantics, "Balancers and rolling restarts". */
export const silencesOf = once((context): Silences => {
  const seats = seatsOf(context.header);
  const lines = [...context.facts(connections).values()].filter(({ session }) => seats.isResident(session));
  const closed = lines.flatMap((line) =>
    line.connections.flatMap((one) => silenced(context, line, one) ?? []),
  );
  const longestOutlivedMs = Math.max(0, ...lines.flatMap((line) => line.connections.flatMap(outlived)));
  const stallMs = Math.max(0, ...context.facts(timeline).stalls.map(({ from, to }) => to - from));
  const alike = mostAlike(closed, stallMs);
  const idleMs = alike[Math.floor(alike.length / 2)]?.quietMs ?? 0;
  const sessions = new Set(alike.map(({ session }) => session));
  const isTimeOut = sessions.size >= fewest && longestOutlivedMs <= idleMs + toleranceOf(idleMs, 2 * stallMs);
  const timedOut = isTimeOut ? alike : [];
  const unexplained = closed.filter((one) => !timedOut.includes(one));
  return { timedOut, unexplained, longestOutlivedMs, idleMs: isTimeOut ? idleMs : 0 };
});

/** Was this connection closed because its own instance was restarted, or not long after? Where it names none, because any was. */
export function isOfRestart(context: Context, connection: Connection, t: number): boolean {
  const life = lifeOf(context, connection);
  const endings = life ? [life.ended] : livesOf(context).map(({ ended }) => ended);
  return endings.some((ended) => ended !== null && t >= ended.begunAt && t < ended.backAt + aftermathMs);
}

function silenced(context: Context, line: Line, connection: Connection): Silenced | null {
  const { ready, close } = connection;
  if (!ready || !close || close.by === 'session' || isOwnWord(close.code)) return null;
  const audit = context.facts(timeline).phaseAt('audit') ?? Infinity;
  if (close.t >= audit || isCutAt(line, close.t) || isOfRestart(context, connection, close.t)) return null;
  const quietMs = close.t - Math.max(ready.t, connection.lastTraffic?.t ?? 0);
  return { session: line.session, connection, close, quietMs };
}

/** Silences that it outlived: also the one before its own session left. */
function outlived({ ready, close, lastTraffic, longestQuietMs }: Connection): number[] {
  if (!ready) return [];
  const last = close?.by === 'session' ? close.t - Math.max(ready.t, lastTraffic?.t ?? 0) : 0;
  return [Math.max(longestQuietMs, last)];
}

/** The largest group of silences of about the same length, the shortest first. */
function mostAlike(closed: readonly Silenced[], stallMs: number): readonly Silenced[] {
  const sorted = closed
    .filter(({ quietMs }) => quietMs >= shortestMs + stallMs)
    .sort((one, other) => one.quietMs - other.quietMs);
  let best: readonly Silenced[] = [];
  let to = 0;
  for (let from = 0; from < sorted.length; from++) {
    const first = sorted[from]?.quietMs ?? 0;
    while (to < sorted.length && (sorted[to]?.quietMs ?? 0) <= first + toleranceOf(first, stallMs)) to++;
    if (to - from > best.length) best = sorted.slice(from, to);
  }
  return best;
}
