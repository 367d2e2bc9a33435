import { attemptedAt, promisedAt, receiptsOf, senderOf, sentIn } from './messages.js';
import { isMissing, isNobodyHarmed } from './returning.js';
import { blowsIn, concernedIn, heldIn, idleIn, type Concerned } from './restart.js';
import { isEarly, isGone, isThereAtTheEnd, shows } from './restart.js';
import { endOf, isCompleted, of, phaseAt, provided, type Oracle, type Told } from './reading.js';

/** After its return something got through to it, and of others' canaries at least one. */
const cameBack: Oracle = (told) => {
  if (isGone(told)) return 'fail';
  const concerned = concernedIn(told);
  if (concerned.length === 0) {
    const holdsNone = told.header.plan.disruptions.every(({ holdsConnections }) => !holdsConnections);
    return provided(told, 'absence', holdsNone ? 'pass' : 'unknown');
  }
  const unseen = concerned.filter(({ lostAt, backAt }) => lostAt === null && backAt === null);
  const ill = concerned.filter((one) => !unseen.includes(one) && !isWell(told, one));
  if (ill.length > 0) return isEarly(told) ? 'unknown' : 'fail';
  return provided(told, 'absence', unseen.length > 0 ? 'unknown' : 'pass');
};

function isWell(told: Told, { session, back, backAt, had }: Concerned): boolean {
  if (!back || backAt === null || !isThereAtTheEnd(told, session)) return false;
  const isNews = (event: { t: number; session: string; conn?: number }) =>
    event.session === session && (event.conn ?? 0) >= back.conn && (back !== had || event.t > backAt);
  const isTraffic = of(told, 'receive', isNews).length + of(told, 'ack', isNews).length > 0;
  const rooms = of(told, 'joined', (event) => event.session === session).map(({ room }) => room);
  const canaries = sentIn(told).filter(
    ({ purpose, message, room }) =>
      purpose === 'canary' &&
      senderOf(message) !== session &&
      rooms.includes(room) &&
      attemptedAt(told, message) >= backAt &&
      promisedAt(told, message) < Infinity,
  );
  const isDeaf =
    canaries.length > 0 && canaries.every(({ message }) => receiptsOf(told, message, session).length === 0);
  return isTraffic && !(isCompleted(told) && isDeaf);
}

const reconnected: Oracle = (told) => {
  if (isGone(told)) return 'fail';
  const broken = concernedIn(told).filter(({ lostAt }) => lostAt !== null);
  if (broken.length === 0) return provided(told, 'absence', isNobodyHarmed(told) ? 'pass' : 'unknown');
  const missing = broken.filter((one) => isMissing(told, one));
  const isLooping = broken.some((one) => dropsOf(told, one, broken) > 2);
  if (isLooping) return 'fail';
  if (missing.length > 0) return isEarly(told) ? 'unknown' : 'fail';
  return provided(told, 'absence', 'pass');
};

/** How often what it came back on broke again until the next restart, with none to explain it. */
function dropsOf(told: Told, { session, back, blow }: Concerned, broken: readonly Concerned[]): number {
  if (!back) return 0;
  const until = Math.min(blow.nextAt, phaseAt(told, 'audit'));
  const struck = broken.filter((one) => one.session === session && one.how === 'struck');
  return of(told, 'close', (close) => close.session === session && close.t >= back.readyAt).filter(
    ({ t, conn = 0, by }) =>
      t < until && conn >= back.conn && by !== 'session' && !struck.some(({ had }) => had.conn === conn),
  ).length;
}

/** 1001 and 1012 make clients come back. */
const closeCode: Oracle = (told) => {
  const closes = concernedIn(told)
    .filter(
      ({ how, lostAt, blow }) => how === 'struck' && lostAt !== null && shows(told, blow, 'graceful', 'loss'),
    )
    .flatMap(({ had }) => had.close ?? []);
  const isWrong = closes.some(({ code, by }) =>
    code === undefined ? by === 'network' : code !== 1001 && code !== 1012,
  );
  if (isWrong) return 'fail';
  const isSaid = closes.some(({ code }) => code !== undefined);
  const isEnded = closes.length > 0 && closes.every(({ by }) => by === 'target');
  return provided(told, 'presence', isSaid || isEnded ? 'pass' : 'unknown');
};

const exitCode: Oracle = (told) => {
  const ended = blowsIn(told).filter((blow) => shows(told, blow, 'restart', 'graceful', 'exit-code'));
  const exits = ended.map(({ steps }) => steps.find(({ step }) => step === 'exited'));
  if (exits.some((exit) => exit && (exit.killed === true || exit.exitCode !== 0))) return 'fail';
  return provided(told, 'presence', exits.length > 0 && !exits.includes(undefined) ? 'pass' : 'unknown');
};

const total: Oracle = (told) => {
  const end = endOf(told);
  if (end?.how !== 'completed') return 'unknown';
  const { totalMs } = told.header.contract.budgets;
  const isWithin = end.t - heldIn(told, 0, end.t) <= totalMs;
  if (!isWithin && end.t - idleIn(told, 0, end.t) <= totalMs) return 'unknown';
  return provided(told, 'presence', isWithin ? 'pass' : 'fail');
};

export const sessions: Readonly<Record<string, Oracle>> = {
  'came-back': cameBack,
  reconnected,
  'close-code': closeCode,
  'exit-code': exitCode,
  total,
};
