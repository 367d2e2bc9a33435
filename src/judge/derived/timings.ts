import type { Event, EventOf } from '../../history/events.js';
import type { Connection } from '../facts/connections.js';
import { firstAttemptAt, type Message } from '../facts/message.js';
import { messages, type Ledger } from '../facts/messages.js';
import { heldBetween, idleBetween, timeline, type Restart, type Timeline } from '../facts/timeline.js';
import { present } from '../finding.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { readyAfter } from './blows.js';
import { struckOf, type Return } from './returns.js';

/** A measured duration in ms, and the interval in which the true one lies. Source: semantics, "Time". */
export interface Timing {
  readonly ms: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Where a reconnect went, in ms; the parts add up to the whole. */
export interface Split {
  /** The target was not ready. */
  readonly down: number;
  /** It was ready, and the client made no attempt: its own waiting, ours or that of its library. */
  readonly waiting: number;
  /** Of the attempt that got through, and of those before it that came to nothing. */
  readonly handshake: number;
  readonly joined: number;
}

export interface Reconnect {
  readonly from: Return;
  /** Loss noticed → signed in and in its rooms. */
  readonly timing: Timing;
  readonly split: Split;
  readonly evidence: readonly Event[];
}

export interface Recovery {
  readonly from: Return;
  /** Loss noticed → in its rooms, what was missed is there, and a first round trip was acknowledged. */
  readonly timing: Timing;
  /** False: it sent nothing of its own after its return, so there is no round trip in it. */
  readonly hasRoundTrip: boolean;
  readonly evidence: readonly Event[];
}

export interface ServiceRestart {
  readonly disruption: number;
  readonly restart: Restart;
  /** First signal → seen ready at the door; null: never. */
  readonly timing: Timing | null;
  readonly evidence: readonly Event[];
}

/** How long each service was restarting. */
export const restartsOf = once((context): readonly ServiceRestart[] => {
  const view = context.facts(timeline);
  return view.disruptions
    .filter(({ struckAt }) => struckAt !== null)
    .flatMap(({ index, restarts }) => restarts.map((restart) => restartOf(view, index, restart)));
});

/** How long each session took that lost its connection and came back. */
export const reconnectsOf = once((context): readonly Reconnect[] =>
  regainedOf(context).map((regained) => reconnectOf(context.facts(timeline), regained)),
);

/** How long it took each of these until all was well again. */
export const recoveriesOf = once((context): readonly Recovery[] =>
  catchUpsOf(context.facts(messages), regainedOf(context)).map((caught) =>
    recoveryOf(context.facts(timeline), caught),
  ),
);

/** A session that lost its connection and came back. */
interface Regained {
  readonly from: Return;
  readonly lostAt: number;
  readonly back: Connection;
  readonly ready: EventOf<'ready'>;
}

const regainedOf = (context: Context): readonly Regained[] =>
  struckOf(context).flatMap((from) => {
    const { lostAt, back } = from;
    return lostAt === null || !back?.ready ? [] : [{ from, lostAt, back, ready: back.ready }];
  });

function restartOf(view: Timeline, disruption: number, restart: Restart): ServiceRestart {
  const signal = restart.signal ?? restart.begin;
  const again = restart.failed ? null : view.readyAgain(restart);
  if (!again)
    return {
      disruption,
      restart,
      timing: null,
      evidence: [signal, ...(restart.failed ? [restart.failed] : [])],
    };
  const timing = widened(view, signal.t, again.t, again.spacing);
  return { disruption, restart, timing, evidence: [signal, again.event] };
}

/**
 * Our own stalls may have made us see the beginning late (it took longer), or the end late (it took less); and what we had to do in
 * between, such as to connect or to start the process, was late by as long as we stood still. What the target was kept from working on
 * purpose is nobody's time.
 */
function widened(view: Timeline, from: number, to: number, spacing = 0): Timing {
  const ms = lasting(view, from, to);
  const lateAt = (t: number) => {
    const stall = view.stalls.find((one) => one.from <= t && t <= one.to);
    return stall ? t - stall.from : 0;
  };
  const atLeast = Math.max(0, to - from - idleBetween(view, from, to) - spacing);
  return { ms, atLeast, atMost: ms + lateAt(from) };
}

const lasting = (view: Timeline, from: number, to: number) => to - from - heldBetween(view, from, to);

function reconnectOf(view: Timeline, regained: Regained): Reconnect {
  const { from, lostAt, back } = regained;
  const end = regained.ready.t;
  const connect = Math.max(back.connect?.t ?? end, lostAt);
  const ready = Math.min(Math.max(readyFor(view, regained) ?? connect, lostAt), connect);
  const open = Math.max(back.open?.t ?? end, connect);
  const trying = tryingBetween(ready, connect, from);
  const split = {
    down: lasting(view, lostAt, ready),
    waiting: lasting(view, ready, connect) - trying,
    handshake: trying + lasting(view, connect, open),
    joined: lasting(view, open, end),
  };
  const evidence = present([from.had.close, back.connect, back.open, regained.ready]);
  return { from, timing: widened(view, lostAt, end), split, evidence };
}

/** From when it could have been served: at once, where it came back to another replica, which was there all the time. */
function readyFor(view: Timeline, { from: { blow }, back, lostAt }: Regained): number | null {
  const instance = back.open?.instance;
  const isElsewhere = blow.nextAt < Infinity || blow.disruption.restarts.length > blow.restarts.length;
  const isNew = blow.restarts.some(({ ready }) => ready?.instance === instance);
  return isElsewhere && instance !== undefined && !isNew ? lostAt : readyAfter(view, blow);
}

/** How long it waited for the target in attempts that came to nothing: that is no waiting of its own. */
function tryingBetween(begin: number, end: number, { line }: Return): number {
  return line.refusals.reduce((sum, { connect, event }) => {
    if (!connect) return sum;
    return sum + Math.max(0, Math.min(event.t, end) - Math.max(connect.t, begin));
  }, 0);
}

function recoveryOf(view: Timeline, { from, lostAt, ready, lastMissed, trip }: CatchUp): Recovery {
  const caughtUp = widened(view, lostAt, Math.max(ready.t, lastMissed?.t ?? ready.t));
  return {
    from,
    timing: trip ? longer(caughtUp, withTrip(view, widened(view, lostAt, ready.t), trip)) : caughtUp,
    hasRoundTrip: trip !== null,
    evidence: present([from.had.close, ready, lastMissed, trip?.written, trip?.ack]),
  };
}

const longer = (one: Timing, other: Timing): Timing => ({
  ms: Math.max(one.ms, other.ms),
  atLeast: Math.max(one.atLeast, other.atLeast),
  atMost: Math.max(one.atMost, other.atMost),
});

/** When its own schedule had nothing to say for a while, that is not the target's time: only the round trip counts. */
function withTrip(view: Timeline, back: Timing, { written, ack }: Trip): Timing {
  const ms = lasting(view, written.t, ack.t);
  const atLeast = ack.t - written.t - idleBetween(view, written.t, ack.t);
  return { ms: back.ms + ms, atLeast: back.atLeast + atLeast, atMost: back.atMost + ms };
}

interface Trip {
  readonly written: EventOf<'written'>;
  readonly ack: EventOf<'ack'>;
}

interface CatchUp extends Regained {
  lastMissed: EventOf<'receive'> | null;
  trip: Trip | null;
}

/** One pass over the messages: what each session received late on its new connection, and its first round trip there. */
function catchUpsOf(ledger: Ledger, regained: readonly Regained[]): readonly CatchUp[] {
  const all = regained.map((one): CatchUp => ({ ...one, lastMissed: null, trip: null }));
  const on = byConnection(all);
  for (const message of ledger.messages.values()) {
    for (const { conn } of message.attempts)
      for (const one of on(message.sender, conn)) addTrip(one, message);
    for (const [reader, receipt] of message.receipts)
      for (const one of on(reader, receipt.conn)) addMissed(one, message, receipt);
  }
  return all;
}

/** Those whose new connection it may have been; of the many of a session they are few, where it is told which it was. */
function byConnection(all: readonly CatchUp[]) {
  const bySession = new Map<string, Map<number, CatchUp[]>>();
  for (const one of all) {
    const { session } = one.from;
    const its = bySession.get(session) ?? new Map<number, CatchUp[]>();
    bySession.set(session, its);
    its.set(one.back.number, [...(its.get(one.back.number) ?? []), one]);
  }
  return (session: string, conn: number | undefined): readonly CatchUp[] => {
    const its = bySession.get(session);
    return conn === undefined ? [...(its?.values() ?? [])].flat() : (its?.get(conn) ?? []);
  };
}

function addTrip(caught: CatchUp, { attempts, acks }: Message): void {
  const { back, ready, trip } = caught;
  const written = attempts.find(
    ({ t, conn }) => t >= ready.t && (conn === undefined || conn === back.number),
  );
  const ack = written && acks.find(({ t }) => t >= written.t);
  if (ack && (!trip || written.t < trip.written.t)) caught.trip = { written, ack };
}

function addMissed(caught: CatchUp, message: Message, receipt: EventOf<'receive'>): void {
  const { back, ready, lastMissed } = caught;
  const isOnIt = receipt.conn === undefined || receipt.conn === back.number;
  if (!isOnIt || receipt.t < ready.t || firstAttemptAt(message) >= ready.t) return;
  if (!lastMissed || receipt.t > lastMissed.t) caught.lastMissed = receipt;
}
