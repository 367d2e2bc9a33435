import type { Event, EventOf } from '../../history/events.js';
import { firstAttemptAt, type Message } from '../facts/message.js';
import { messages, type Ledger } from '../facts/messages.js';
import { heldBetween, stalledBetween, timeline, type Restart, type Timeline } from '../facts/timeline.js';
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
  struckOf(context).flatMap((from) => reconnectOf(context, from) ?? []),
);

/** How long it took each of these until all was well again. */
export const recoveriesOf = once((context): readonly Recovery[] => {
  const catchUps = catchUpsOf(context.facts(messages), struckOf(context));
  return struckOf(context).flatMap((from) => recoveryOf(context, from, catchUps.get(from)) ?? []);
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
  const atLeast = Math.max(0, ms - stalledBetween(view, from, to) - spacing);
  return { ms, atLeast, atMost: ms + lateAt(from) };
}

const lasting = (view: Timeline, from: number, to: number) => to - from - heldBetween(view, from, to);

function reconnectOf(context: Context, from: Return): Reconnect | null {
  const { lostAt, back, had } = from;
  if (lostAt === null || !back?.ready) return null;
  const view = context.facts(timeline);
  const end = back.ready.t;
  const connect = Math.max(back.connect?.t ?? end, lostAt);
  const ready = Math.min(Math.max(readyFor(view, from) ?? connect, lostAt), connect);
  const open = Math.max(back.open?.t ?? end, connect);
  const trying = tryingBetween(ready, connect, from);
  const split = {
    down: lasting(view, lostAt, ready),
    waiting: lasting(view, ready, connect) - trying,
    handshake: trying + lasting(view, connect, open),
    joined: lasting(view, open, end),
  };
  const evidence = [had.close, back.connect, back.open, back.ready].filter((event) => event !== null);
  return { from, timing: widened(view, lostAt, end), split, evidence };
}

/** From when it could have been served: at once, where it came back to another replica, which was there all the time. */
function readyFor(view: Timeline, { blow, back, lostAt }: Return): number | null {
  const instance = back?.open?.instance;
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

function recoveryOf(context: Context, from: Return, caught: CatchUp | undefined): Recovery | null {
  const { lostAt, back, had } = from;
  if (lostAt === null || !back?.ready) return null;
  // When its own schedule had nothing to say for a while, that is not the target's time: only the round trip counts.
  const trip = caught?.trip;
  const answeredAt = back.ready.t + (trip ? trip.ack.t - trip.written.t : 0);
  const end = Math.max(answeredAt, caught?.lastMissed?.t ?? back.ready.t);
  const missed = caught?.lastMissed ?? null;
  const evidence = [had.close, back.ready, missed, trip?.written ?? null, trip?.ack ?? null];
  return {
    from,
    timing: widened(context.facts(timeline), lostAt, end),
    hasRoundTrip: trip !== undefined,
    evidence: evidence.filter((event) => event !== null),
  };
}

interface CatchUp {
  lastMissed?: EventOf<'receive'>;
  trip?: { readonly written: EventOf<'written'>; readonly ack: EventOf<'ack'> };
}

/** One pass over the messages: what each session received late on its new connection, and its first round trip there. */
function catchUpsOf(ledger: Ledger, returns: readonly Return[]): Map<Return, CatchUp> {
  const back = returns.filter(({ lostAt, back: connection }) => lostAt !== null && connection !== null);
  const bySession = new Map<string, Return[]>();
  for (const one of back) bySession.set(one.session, [...(bySession.get(one.session) ?? []), one]);
  const result = new Map(back.map((one): [Return, CatchUp] => [one, {}]));
  for (const message of ledger.messages.values()) {
    for (const one of bySession.get(message.sender) ?? []) addTrip(result.get(one), one, message);
    for (const [reader, receipt] of message.receipts) {
      for (const one of bySession.get(reader) ?? []) addMissed(result.get(one), one, message, receipt);
    }
  }
  return result;
}

function addTrip(caught: CatchUp | undefined, { back }: Return, { attempts, acks }: Message): void {
  const readyAt = back?.ready?.t ?? Infinity;
  const written = attempts.find(
    ({ t, conn }) => t >= readyAt && (conn === undefined || conn === back?.number),
  );
  const ack = written && acks.find(({ t }) => t >= written.t);
  if (!caught || !ack) return;
  if (!caught.trip || written.t < caught.trip.written.t) caught.trip = { written, ack };
}

function addMissed(
  caught: CatchUp | undefined,
  { back }: Return,
  message: Message,
  receipt: EventOf<'receive'>,
): void {
  const readyAt = back?.ready?.t ?? Infinity;
  const isOnIt = receipt.conn === undefined || receipt.conn === back?.number;
  if (!caught || !isOnIt || receipt.t < readyAt || firstAttemptAt(message) >= readyAt) return;
  if (receipt.t > (caught.lastMissed?.t ?? Number.NEGATIVE_INFINITY)) caught.lastMissed = receipt;
}
