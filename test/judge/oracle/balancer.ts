import { atMostLikely, rare } from '../../../src/judge/derived/chance.js';
import type { EventOf } from '../../../src/history/events.js';
import { missesIn } from './delivery.js';
import { acksOf, attemptedAt, attemptsOf, promisedAt, receiptsOf, senderOf, sentIn } from './messages.js';
import {
  grouped,
  isResident,
  most,
  of,
  provided,
  remembered,
  residents,
  type Oracle,
  type Told,
} from './reading.js';
import {
  auditOf,
  beginOf,
  isCutAt,
  isOfRestart,
  lifeOf,
  livesIn,
  outlivedOn,
  quietBefore,
  readyAt,
  replicasOf,
  timesOn,
  rolloutIn,
  triesIn,
  type Life,
  type Try,
} from './replicas.js';

// The oracles of a rollout of one service behind a balancer. What is rare by chance is asked of the function that says so, which has tests of its own.

const gateways: readonly (number | undefined)[] = [undefined, 502, 503, 504];

const routedToReady: Oracle = (told) => {
  if (replicasOf(livesIn(told)) < 2) return 'unknown';
  const failed = triesIn(told).filter((one) => isUnserved(told, one));
  if (failed.some((one) => wasMisled(told, one))) return 'fail';
  const isServed = triesIn(told).some(({ connect: { t }, open }) => {
    const there = livesIn(told).filter(({ from }) => from <= t);
    const ready = readyAt(told, t);
    return open !== undefined && ready.length > 0 && replicasOf(ready) < replicasOf(there);
  });
  return provided(told, 'presence', isServed ? 'pass' : 'unknown');
};

function isUnserved(told: Told, { session, connect, ready, refused }: Try): boolean {
  if (!refused || ready || !['dial', 'handshake'].includes(refused.at)) return false;
  const isCut = isCutAt(told, session, connect.t) || isCutAt(told, session, refused.t);
  return !isCut && gateways.includes(refused.status);
}

/** Somebody else was ready, and nothing had changed for as long as it may take to notice. */
function wasMisled(told: Told, { connect, refused }: Try): boolean {
  const { noticeMs } = rolloutIn(told);
  const until = Math.min(refused?.t ?? 0, connect.t + 1_000);
  const turns = livesIn(told).flatMap(({ from, to }) => [from, to]);
  const isSettled = !turns.some((t) => t > connect.t - noticeMs && t <= until);
  return isSettled && readyAt(told, connect.t, noticeMs).length > 0;
}

/** A session that left one connection and came back on another. */
interface Crossing {
  readonly from: Try;
  readonly to: Try;
  readonly isSame: boolean;
  readonly owed: number;
  readonly lost: number;
}

const anyInstance: Oracle = (told) => {
  if (triesIn(told).some((one) => isStranger(told, one))) return 'fail';
  const all = residents(told).flatMap((session) => crossingsOf(told, session));
  const tells = all.some(({ to }) => to.ready?.claims === 'resumed');
  const isLosing = ({ to, lost }: Crossing) => lost > 0 || (tells && to.ready?.claims === 'fresh');
  const [same, other] = [all.filter(({ isSame }) => isSame), all.filter(({ isSame }) => !isSame)];
  const losers = other.filter(isLosing);
  if (losers.length === 0 || same.some(isLosing))
    return provided(told, 'absence', other.length > 0 ? 'pass' : 'unknown');
  const isTold = ({ owed, to }: Crossing) => owed > 0 || to.ready?.claims !== 'unstated';
  const kept = same.filter((one) => isTold(one) && !isLosing(one)).length;
  const tried = Math.max(other.filter(isTold).length, losers.length);
  const isSpared = kept > 0 && (1 - (losers.length + 1) / (tried + 2)) ** kept <= 0.01;
  return isSpared ? 'fail' : 'unknown';
};

function isStranger(told: Told, { session, connect, refused }: Try): boolean {
  if (!refused || refused.at === 'dial') return false;
  const isUnknown = [400, 404, 410, 4_400, 4_404, 4_410].includes(refused.status ?? 0);
  const its = triesIn(told).filter((one) => one.session === session && one.ready);
  const left = its.filter(({ ready }) => (ready?.t ?? Infinity) <= connect.t).at(-1);
  const isGood = its.some((one) => one.connect.token === connect.token);
  const isSame = refused.instance !== undefined && refused.instance === left?.open?.instance;
  return isUnknown && left !== undefined && isGood && !isSame;
}

function crossingsOf(told: Told, session: string): Crossing[] {
  const held = triesIn(told).filter((one) => one.session === session && one.ready);
  const all = passedBy(told, session);
  return held.flatMap((to, index): Crossing[] => {
    const from = held[index - 1];
    const [left, met] = [from?.open?.instance, to.open?.instance];
    if (!from || left === undefined || met === undefined) return [];
    const passed = all.filter(({ back }) => back === to);
    const isMissed = (message: string) =>
      missesIn(told).missing.some(
        (miss) => miss.isShown && miss.reader === session && miss.send.message === message,
      );
    const lost = passed.filter(({ message }) => isMissed(message)).length;
    return [{ from, to, isSame: left === met, owed: passed.length, lost }];
  });
}

/** What was promised to others of its room while it may have been away, with the connection on which it came back then. */
const passedBy = (told: Told, session: string) => {
  const held = triesIn(told).filter((one) => one.session === session && one.ready);
  const rooms = of(told, 'joined', (event) => event.session === session).map(({ room }) => room);
  const absences = held.map((had, index) => ({
    back: held[index + 1],
    goneAt: lifeSignOf(told, had, held[index + 1]),
  }));
  return sentIn(told)
    .filter(({ session: sender, room }) => sender !== session && rooms.includes(room))
    .flatMap(({ message, room }) => {
      const over = absences.find(
        ({ back, goneAt }) =>
          goneAt !== null &&
          promisedAt(told, message) >= goneAt &&
          attemptedAt(told, message) < (back ? joinedAt(told, back, room) : Infinity),
      );
      return over && promisedAt(told, message) < Infinity ? [{ message, back: over.back }] : [];
    });
};

const joinedAt = (told: Told, { session, conn, ready }: Try, room: string): number =>
  of(told, 'joined', (event) => event.session === session && event.conn === conn && event.room === room)[0]
    ?.t ??
  ready?.t ??
  Infinity;

/** The last sign of life before it was gone; null: it was not, or left by itself for good. */
function lifeSignOf(told: Told, had: Try, next: Try | undefined): number | null {
  const { session, close, ready } = had;
  const cut = of(told, 'cut', (event) => event.session === session).find(
    ({ t }) => t >= (ready?.t ?? 0) && t <= (next?.ready?.t ?? Infinity),
  );
  const goneAt = Math.min(close?.t ?? Infinity, cut?.t ?? Infinity);
  if (goneAt === Infinity || (close?.by === 'session' && !next)) return null;
  const signs = timesOn(told, had, ['open', 'joined', 'ready', 'receive', 'ack']);
  return Math.min(goneAt, most(signs));
}

/** Was it closed with no restart of its instance near, and not in anybody's own words? */
function isUnexplained(told: Told, { session, ready, close, life }: Try): boolean {
  if (!ready || !close || close.by === 'session' || (close.code ?? 0) >= 4_000) return false;
  const isOver = close.t >= auditOf(told);
  return !isOver && !isCutAt(told, session, close.t) && !isOfRestart(told, life, close.t);
}

/** The connections that were closed for being quiet. */
const timedOutIn = remembered((told): { readonly timedOut: readonly Try[]; readonly outlivedMs: number } => {
  const stallMs = most([0, ...of(told, 'stall').map(({ ms }) => ms)]);
  const leeway = (ms: number, still: number) => ms * 0.15 + 100 + still;
  const closed = triesIn(told)
    .filter((one) => isUnexplained(told, one))
    .map((one) => ({ one, ms: quietBefore(told, one, one.close?.t ?? 0) }))
    .filter(({ ms }) => ms >= 300 + stallMs)
    .sort((one, other) => one.ms - other.ms);
  const groups = closed.map(({ ms: from }) =>
    closed.filter(({ ms }) => ms >= from && ms <= from + leeway(from, stallMs)),
  );
  const largest = most([0, ...groups.map((group) => group.length)]);
  const alike = groups.find((group) => group.length === largest) ?? [];
  const idleMs = alike[Math.floor(alike.length / 2)]?.ms ?? 0;
  const outlivedMs = most([0, ...triesIn(told).map((one) => outlivedOn(told, one))]);
  const sessions = new Set(alike.map(({ one }) => one.session)).size;
  const isTimeOut = sessions >= 3 && outlivedMs <= idleMs + leeway(idleMs, 2 * stallMs);
  return { timedOut: isTimeOut ? alike.map(({ one }) => one) : [], outlivedMs };
});

const idleTimeOut: Oracle = (told) => {
  const { timedOut, outlivedMs } = timedOutIn(told);
  if (timedOut.length > 0) return 'fail';
  return provided(told, 'absence', outlivedMs < 500 ? 'unknown' : 'pass');
};

const isDone = (told: Told, { from, ended }: Life) => from >= beginOf(told) && ended === null;

const movedOnce: Oracle = (told) => {
  if (replicasOf(livesIn(told)) < 2) return 'unknown';
  const moved = residents(told).flatMap((session) => lossesOf(told, session) ?? []);
  if (moved.length === 0) return 'unknown';
  const lost = moved.flat();
  if (lost.length > 0 && lost.every(({ life }) => life === null)) return 'unknown';
  const again = moved.filter((losses) => losses.length > 1);
  const isPromised = rolloutIn(told).disconnects === 'once';
  const isWrong = again.some(
    (losses) =>
      isPromised ||
      losses.some((one) => !isOfRestart(told, one.life, one.close?.t ?? 0)) ||
      (losses.some((one) => wasAvoidable(told, one)) && areNextPreferred(told)),
  );
  return isWrong ? 'fail' : provided(told, 'absence', 'pass');
};

/** What one session lost in the rollout; null: it was not there when that began. */
function lossesOf(told: Told, session: string): [Try[]] | null {
  const ends = of(told, 'disruption', ({ step }) => step === 'ready' || step === 'end').map(({ t }) => t);
  const begins = of(told, 'disruption', ({ step }) => step === 'begin');
  const isBack = begins.every(({ replica }) =>
    of(told, 'disruption').some((event) => event.step === 'ready' && event.replica === replica),
  );
  const until = Math.min(isBack && begins.length > 0 ? most(ends) + 1_000 : Infinity, auditOf(told));
  const held = triesIn(told).filter(
    ({ session: who, ready, close }) =>
      who === session && ready && ready.t < until && (close?.t ?? Infinity) >= beginOf(told),
  );
  if (!held.some(({ ready }) => (ready?.t ?? Infinity) < beginOf(told))) return null;
  const { timedOut } = timedOutIn(told);
  const losses = held.filter(
    (one) =>
      one.close &&
      one.close.by !== 'session' &&
      one.close.t < until &&
      !isCutAt(told, session, one.close.t) &&
      !timedOut.includes(one),
  );
  return [losses];
}

function wasAvoidable(told: Told, { life, close, connect }: Try): boolean {
  if (!isOfRestart(told, life, close?.t ?? 0)) return false;
  return readyAt(told, connect.t, rolloutIn(told).noticeMs).some((one) => isDone(told, one));
}

/** Were sessions put on what was still to be restarted more often than chance would? */
function areNextPreferred(told: Told): boolean {
  const choices = triesIn(told).flatMap(({ life, connect: { t } }) => {
    const ready = readyAt(told, t, rolloutIn(told).noticeMs);
    const old = ready.filter(({ ended }) => ended !== null);
    const isChoice = old.length > 0 && ready.some((one) => isDone(told, one));
    if (!life || t < beginOf(told) || !isChoice || !ready.includes(life)) return [];
    return [{ isOld: old.includes(life), p: old.length / ready.length }];
  });
  const mean = choices.reduce((sum, { p }) => sum + p, 0) / Math.max(1, choices.length);
  return atMostLikely(choices.filter(({ isOld }) => isOld).length, choices.length, mean) <= rare;
}

const spread: Oracle = (told) => {
  const final = livesIn(told).filter(({ to }) => to === Infinity);
  const ends = residents(told).flatMap((session) => {
    const last = triesIn(told)
      .filter((one) => one.session === session && (one.ready?.t ?? Infinity) < auditOf(told))
      .at(-1);
    return last?.life && final.includes(last.life) ? [last] : [];
  });
  if (final.length < 2 || ends.length === 0) return 'unknown';
  const fullest = most(final.map((life) => ends.filter((one) => one.life === life).length));
  const choicesOf = ({ connect: { t } }: Try) => readyAt(told, t, rolloutIn(told).noticeMs).length;
  const isByChance = final.length * atMostLikely(fullest, ends.length, 1 / final.length) > rare;
  if (!isByChance && isFullestPreferred(told)) return 'fail';
  const hadNone = ends.every((one) => choicesOf(one) < 2);
  const isKnown = !isByChance || fullest < ends.length || hadNone;
  return provided(told, 'presence', isKnown ? 'pass' : 'unknown');
};

/** Each time that replicas held different numbers of sessions, was it one of those with the most? */
function isFullestPreferred(told: Told): boolean {
  const heldAt = (life: Life, t: number) =>
    triesIn(told).filter(
      (one) => one.life === life && (one.open?.t ?? Infinity) < t && (one.close?.t ?? Infinity) >= t,
    ).length;
  const choices = triesIn(told).flatMap(({ life, open, connect }) => {
    const lives = readyAt(told, connect.t, rolloutIn(told).noticeMs);
    if (!life || !open || !lives.includes(life)) return [];
    const loads = lives.map((one) => heldAt(one, open.t));
    const full = loads.filter((load) => load === most(loads)).length;
    if (full === loads.length) return [];
    return [{ isFull: heldAt(life, open.t) === most(loads), p: full / loads.length }];
  });
  const mean = choices.reduce((sum, { p }) => sum + p, 0) / Math.max(1, choices.length);
  return atMostLikely(choices.filter(({ isFull }) => isFull).length, choices.length, mean) <= rare;
}

/** A message, and everyone on one instance who was there from before it until a while after its acknowledgement. */
interface Lane {
  readonly isSame: boolean;
  readonly isMissing: boolean;
}

const acrossInstances: Oracle = (told) => {
  const lanes = sentIn(told).flatMap((send) => lanesOf(told, send));
  const across = lanes.filter(({ isSame }) => !isSame);
  const missing = lanes.filter(({ isMissing }) => isMissing);
  const between = missing.filter(({ isSame }) => !isSame);
  const isOfKind = (some: number, all: number, share: number) =>
    some > 0 && atMostLikely(some, all, share) <= rare;
  if (isOfKind(between.length, missing.length, across.length / lanes.length)) return 'fail';
  const offered = sentIn(told).filter(
    ({ message, session }) => attemptsOf(told, message).length > 0 && isResident(told, session),
  );
  const refused = offered.flatMap(({ message }) => refusalOf(told, message));
  const isMixed = (t: number) => new Set(readyAt(told, t).map(({ generation }) => generation)).size > 1;
  const together = refused.filter(({ t }) => isMixed(t)).length;
  const share = offered.filter(({ message }) => isMixed(attemptedAt(told, message))).length / offered.length;
  if (together === refused.length && isOfKind(together, refused.length, share)) return 'fail';
  return provided(told, 'absence', across.length > 0 ? 'pass' : 'unknown');
};

/** Refused by each attempt's answer. */
function refusalOf(told: Told, id: string): EventOf<'nack'>[] {
  const nacks = of(told, 'nack', ({ message }) => message === id);
  const isOpen =
    acksOf(told, id).length > 0 || of(told, 'unsure', ({ message }) => message === id).length > 0;
  return !isOpen && nacks.length >= attemptsOf(told, id).length ? nacks.slice(0, 1) : [];
}

const triesBy = remembered((told) => grouped(triesIn(told), ({ session }) => session));

function lanesOf(told: Told, { message, room }: EventOf<'send'>): Lane[] {
  const [sentAt, ackAt] = [attemptedAt(told, message), promisedAt(told, message)];
  if (ackAt === Infinity || attemptsOf(told, message).length !== 1) return [];
  const on = (session: string): Life | null => {
    const stay = (triesBy(told).get(session) ?? []).find(
      (one) => (one.ready?.t ?? Infinity) <= sentAt && (one.close?.t ?? Infinity) > ackAt + 250,
    );
    return stay ? lifeOf(told, stay.open?.instance) : null;
  };
  const from = on(senderOf(message));
  const readers = residents(told).filter(
    (reader) =>
      reader !== senderOf(message) &&
      of(told, 'joined', (event) => event.session === reader && event.room === room).some(
        ({ t }) => t < sentAt,
      ),
  );
  const lives = [...new Set(readers.map(on))].filter((life) => life !== null);
  if (!from) return [];
  return lives.map((life) => {
    const there = readers.filter((reader) => on(reader) === life);
    const isMissing = there.some((reader) => receiptsOf(told, message, reader).length === 0);
    return { isSame: life === from, isMissing };
  });
}

export const balancers: Readonly<Record<string, Oracle>> = {
  'routed-to-ready': routedToReady,
  'any-instance': anyInstance,
  'moved-once': movedOnce,
  spread,
  'idle-time-out': idleTimeOut,
  'across-instances': acrossInstances,
};
