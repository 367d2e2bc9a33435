import { missesIn } from './delivery.js';
import { attemptedAt, attemptsOf, acksOf, promisedAt, receiptsIn } from './messages.js';
import { receiptsOf, senderOf, sentIn } from './messages.js';
import { blowsIn, concernedIn, cutsOf, heldBy, heldIn, idleIn, intervalOf } from './restart.js';
import { isBlowProved, isGone, isProved, isThereAtTheEnd, readyAfter, shows, wholeAt } from './restart.js';
import type { Blow, Concerned } from './restart.js';
import { isTooLate } from './window.js';
import { isCompleted, least, most, of, provided } from './reading.js';
import type { Oracle, Says, Told } from './reading.js';

export const isMissing = (told: Told, { session, back }: Concerned) =>
  back === null || !isThereAtTheEnd(told, session);

/** The restart is proved, and of those who were connected to what was restarted nobody noticed. */
export function isNobodyHarmed(told: Told): boolean {
  const holdsNone = told.header.plan.disruptions.every(({ holdsConnections }) => !holdsConnections);
  return isProved(told) && (holdsNone || concernedIn(told).length > 0);
}

const struckIn = (told: Told) =>
  concernedIn(told).filter(({ how, lostAt }) => how === 'struck' && lostAt !== null);

/** The worst that is said of any of them. */
const worst = (all: readonly Says[]): Says =>
  (['fail', 'unknown'] as const).find((says) => all.includes(says)) ?? 'pass';

const connectionWasLost: Oracle = (told) => {
  const blows = blowsIn(told);
  return blows.length === 0 ? 'unknown' : worst(blows.map((blow) => lostBy(told, blow)));
};

function lostBy(told: Told, blow: Blow): Says {
  if (!isBlowProved(told, blow)) return 'unknown';
  const { connectionLost } = told.header.contract;
  const struck = concernedIn(told).filter((one) => one.blow === blow && one.how === 'struck');
  if (struck.some(({ lostAt }) => lostAt !== null)) return connectionLost === 'never' ? 'fail' : 'pass';
  // That nobody lost it is known only when all is over.
  const isMissing = connectionLost === 'expected' && struck.length > 0 && shows(told, blow, 'loss');
  return isMissing || !isCompleted(told) ? 'unknown' : 'pass';
}

/** Of what it was owed from its absence, nothing is missing. */
const resumedHonestly: Oracle = (told) => {
  const lost = concernedIn(told).filter(({ lostAt }) => lostAt !== null);
  const resumed = lost.filter(({ session, back }) => back !== null && isResumed(told, session, back.conn));
  const missing = resumed.flatMap((one) => missedBy(told, one));
  if (missing.some(({ isShown }) => isShown)) return 'fail';
  if (lost.length === 0) return provided(told, 'absence', isNobodyHarmed(told) ? 'pass' : 'unknown');
  // Each that took connections away has to have been resumed from, where that was still possible.
  const isEach = blowsIn(told).every((blow) => {
    const its = lost.filter((one) => one.blow === blow);
    return its.every((one) => isToldTooLate(told, one)) || resumed.some((one) => its.includes(one));
  });
  return provided(told, 'absence', isEach && missing.length === 0 ? 'pass' : 'unknown');
};

/** It was told that it begins anew, after an absence beyond the window. */
function isToldTooLate(told: Told, { session, lostAt, back }: Concerned): boolean {
  const isIts = (event: { session: string; conn?: number }) =>
    event.session === session && event.conn === back?.conn;
  const isTold = back !== null && of(told, 'ready', isIts)[0]?.claims === 'fresh';
  return isTold && isTooLate(told, session, lostAt ?? Infinity);
}

function isResumed(told: Told, session: string, conn: number): boolean {
  const isIts = (event: { session: string; conn?: number }) =>
    event.session === session && event.conn === conn;
  const [ready] = of(told, 'ready', isIts);
  const hasCursor = of(told, 'join', isIts).some(({ cursor }) => cursor !== undefined);
  return ready?.claims === 'resumed' || (ready?.claims === 'unstated' && hasCursor);
}

/** What it was owed and missed between the last sign of life before its loss and its return. */
function missedBy(told: Told, { session, had, back }: Concerned) {
  const isOnIt = (event: { session: string; conn?: number }) =>
    event.session === session && event.conn === had.conn;
  const signs = [...of(told, 'receive', isOnIt), ...of(told, 'ack', isOnIt), ...of(told, 'joined', isOnIt)];
  const lifeAt = most([had.readyAt, ...signs.map(({ t }) => t)]);
  const goneAt = least([
    had.close?.t ?? Infinity,
    ...cutsOf(told, session)
      .map(({ from }) => from)
      .filter((from) => from >= had.readyAt),
  ]);
  const isBack = (event: { session: string; conn?: number }) =>
    event.session === session && event.conn === back?.conn;
  return missesIn(told).missing.filter(({ reader, send }) => {
    const backAt =
      of(told, 'joined', (event) => isBack(event) && event.room === send.room)[0]?.t ??
      back?.readyAt ??
      Infinity;
    const isWithin =
      promisedAt(told, send.message) >= Math.min(lifeAt, goneAt) && attemptedAt(told, send.message) < backAt;
    return reader === session && isWithin && !isOfEarlier(told, session, had.conn, send.message);
  });
}

/** An earlier absence of the same session that the message fell into takes it. */
function isOfEarlier(told: Told, session: string, conn: number, message: string): boolean {
  const held = heldBy(told, session);
  return held.some(({ conn: one, close }, index) => {
    const next = held[index + 1];
    if (one >= conn || !close || !next) return false;
    return promisedAt(told, message) >= close.t && attemptedAt(told, message) < next.readyAt - 0.01;
  });
}

interface Time {
  readonly atLeast: number;
  readonly atMost: number;
}

/** Times against a budget. */
const against = (budgetMs: number, times: readonly Time[]): Says => {
  if (times.some(({ atLeast }) => atLeast > budgetMs)) return 'fail';
  return times.some(({ atMost }) => atMost > budgetMs) ? 'unknown' : 'pass';
};
/** As it was seen; less by what this program stood still, more by what it may have missed of the beginning. */
function between(told: Told, from: number, to: number) {
  const missed = of(told, 'stall', ({ t, ms }) => t - ms <= from && from <= t)[0];
  const late = missed ? from - (missed.t - missed.ms) : 0;
  const ms = to - from;
  return { atLeast: ms - idleIn(told, from, to), atMost: ms - heldIn(told, from, to) + late };
}

/** Of each restart the times of those who lost their connection by it and came back. */
function timed(told: Told, budgetMs: number, timesOf: (one: Concerned) => Time[]): Says {
  const byBlow = blowsIn(told).map((blow) => {
    const lost = struckIn(told).filter((one) => one.blow === blow);
    return { lost: lost.length, times: lost.flatMap(timesOf) };
  });
  if (byBlow.every(({ lost }) => lost === 0)) return nobodyLost(told);
  return worst(
    byBlow.map(({ lost, times }) => (lost > 0 && times.length === 0 ? 'unknown' : against(budgetMs, times))),
  );
}

/** Nobody's return can be timed. */
const nobodyLost = (told: Told): Says => (!isGone(told) && isNobodyHarmed(told) ? 'pass' : 'unknown');

const reconnectTime: Oracle = (told) =>
  provided(
    told,
    'absence',
    timed(told, told.header.contract.budgets.reconnectMs, ({ lostAt, back }) =>
      back && lostAt !== null ? [between(told, lostAt, back.readyAt)] : [],
    ),
  );

const recovery: Oracle = (told) =>
  provided(
    told,
    'absence',
    timed(told, told.header.contract.budgets.recoveryMs, (one) => recoveryOf(told, one)),
  );

/** In its rooms, what was missed is there, and the first round trip was acknowledged. */
function recoveryOf(told: Told, { session, lostAt, back }: Concerned) {
  if (!back || lostAt === null) return [];
  const trips = of(told, 'written', (event) => event.session === session && event.conn === back.conn)
    .filter(({ t }) => t >= back.readyAt)
    .flatMap(({ t, message }) => {
      const ack = acksOf(told, message).find((event) => event.t >= t);
      return ack ? [{ t, ackAt: ack.t }] : [];
    });
  const first = trips.find(({ t }) => t === least(trips.map((one) => one.t)));
  const late = receiptsIn(told).filter(
    ({ session: reader, conn, t, message }) =>
      reader === session &&
      conn === back.conn &&
      t >= back.readyAt &&
      attemptedAt(told, message ?? '') < back.readyAt,
  );
  // What it had before and has again was not missed.
  const missed = late.filter((event) => receiptsOf(told, event.message ?? '', session)[0] === event);
  const until = between(told, lostAt, most([back.readyAt, ...missed.map(({ t }) => t)]));
  const trip = first ? tripIn(told, first.t, first.ackAt) : { atLeast: 0, atMost: 0 };
  const withTrip = between(told, lostAt, back.readyAt);
  return [
    {
      atLeast: Math.max(until.atLeast, withTrip.atLeast + trip.atLeast),
      atMost: Math.max(until.atMost, withTrip.atMost + trip.atMost),
    },
  ];
}

const tripIn = (told: Told, from: number, to: number) => ({
  atLeast: to - from - idleIn(told, from, to),
  atMost: to - from - heldIn(told, from, to),
});

const restart: Oracle = (told) => {
  if (isGone(told)) return 'fail';
  const { restartMs } = told.header.contract.budgets;
  const all = blowsIn(told).map((blow) => {
    const ready = readyAfter(told, blow);
    if (!ready) return 'unknown';
    const seen = between(told, blow.struckAt, ready.t);
    return against(restartMs, [{ ...seen, atLeast: seen.atLeast - ready.spacing }]);
  });
  return all.length === 0 ? 'unknown' : provided(told, 'presence', worst(all));
};

/** Alive before, spoken in during, and alive after; and the restart met what it could break. */
const threadContinues: Oracle = (told) => {
  const blows = blowsIn(told);
  const [blow] = blows;
  if (!blow) return 'unknown';
  const through = sentIn(told).filter(({ message }) => promisedAt(told, message) < Infinity);
  const before = through.filter(({ message }) => promisedAt(told, message) < blow.beginAt);
  const after = sentIn(told).filter(({ t }) => t >= wholeAt(told));
  const isSilent = after.some(
    ({ room }) =>
      before.some((one) => one.room === room) &&
      !through.some((one) => one.room === room && after.includes(one)),
  );
  if (isSilent) return isEarlyOrStopped(told) ? 'unknown' : 'fail';
  const isMet = [
    before.length > 0 && after.some((one) => through.includes(one)),
    of(told, 'written').some(({ t }) => intervalOf(told, t) === 'during'),
    blows.every(({ struckAt }) =>
      through.some(({ message }) => isLastMoment(struckAt - promisedAt(told, message))),
    ),
    concernedIn(told).every((one) => one.how === 'struck' || isOwedBefore(told, one)),
    !told.header.contract.idempotent ||
      blows.every(({ struckAt }) => sentIn(told).some(({ message }) => isRetried(told, message, struckAt))),
  ];
  return provided(told, 'presence', isMet.every(Boolean) ? 'pass' : 'unknown');
};

const isLastMoment = (ms: number) => ms >= 0 && ms <= 250;
const isEarlyOrStopped = ({ events }: Told) => {
  const end = events.find((event) => event.kind === 'end');
  return end === undefined || end.how === 'interrupted';
};

const isOwedBefore = (told: Told, { session, lostAt, blow }: Concerned) =>
  sentIn(told).some(({ message, room }) => {
    const at = attemptedAt(told, message);
    const isIn = of(told, 'joined').some((event) => event.session === session && event.room === room);
    return (
      isIn &&
      senderOf(message) !== session &&
      promisedAt(told, message) < Infinity &&
      at >= (lostAt ?? 0) &&
      at < blow.struckAt
    );
  });

/** Acknowledged, sent again after the signal, and answered again. */
const isRetried = (told: Told, id: string, struckAt: number) =>
  attemptsOf(told, id).some(
    ({ t }) => t > promisedAt(told, id) && t >= struckAt && acksOf(told, id).some((ack) => ack.t > t),
  );

export const returning: Readonly<Record<string, Oracle>> = {
  'connection-was-lost': connectionWasLost,
  'resumed-honestly': resumedHonestly,
  'reconnect-time': reconnectTime,
  reconnect: reconnectTime,
  recovery,
  restart,
  'thread-continues': threadContinues,
};
