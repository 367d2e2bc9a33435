import type { EventOf } from '../../../src/history/events.js';
import { concernedIn, intervalOf, isProved, wholeAt } from './restart.js';
import { isResident, of, provided, residents, type Oracle, type Told } from './reading.js';

const isGood = ({ credential }: EventOf<'door'>) => credential === 'good' || credential === 'refreshed';
const isDefinite = (status: number | undefined) => status === 401 || status === 403 || status === 4401;
const revokedAt = (told: Told, token: string) =>
  of(told, 'revoked', (event) => event.token === token).at(-1)?.t ?? Infinity;

function expiresAt(told: Told, token: string): number {
  const issued = of(told, 'sign-in', (event) => event.ok && event.token === token).at(-1);
  return issued?.expiresInMs === undefined ? Infinity : issued.t + issued.expiresInMs;
}

const isValid = (told: Told, token: string, t: number) =>
  t < expiresAt(told, token) && t < revokedAt(told, token);

/** Tries of good tokens while they were good. */
const goodIn = (told: Told) =>
  of(told, 'door', (knock) => isGood(knock) && isValid(told, knock.token, knock.t));

const acceptedBefore: Oracle = (told) => {
  const knocks = goodIn(told).filter(({ t }) => intervalOf(told, t) === 'before');
  if (knocks.some((knock) => knock.let === 'out')) return 'fail';
  const isAnswered = knocks.every(({ door }) =>
    knocks.some((knock) => knock.door === door && knock.let === 'in'),
  );
  return provided(told, 'presence', knocks.length > 0 && isAnswered ? 'pass' : 'unknown');
};

/** A definite no to the token of a session, with the attempt to connect that had shown it. */
function refusalsIn(told: Told) {
  return of(told, 'refused', ({ at, status }) => at !== 'join' && isDefinite(status))
    .filter(({ session }) => isResident(told, session))
    .flatMap((event) => {
      const connect = of(told, 'connect', ({ session, t }) => session === event.session && t <= event.t).at(
        -1,
      );
      const token = connect?.token;
      const issued = of(told, 'sign-in', (one) => one.token === token).at(-1)?.t ?? 0;
      return token === undefined ? [] : [{ event, token, issued }];
    });
}

const acceptedAfter: Oracle = (told) => {
  const isSince = (t: number) => intervalOf(told, t) !== 'before';
  const isKnockRefused = goodIn(told).some((knock) => knock.let === 'out' && isSince(knock.t));
  const isSessionRefused = refusalsIn(told).some(
    ({ event, token, issued }) => isSince(event.t) && !isSince(issued) && isValid(told, token, event.t),
  );
  if (isKnockRefused || isSessionRefused) return 'fail';
  const letIn = goodIn(told).filter((knock) => knock.let === 'in');
  const before = letIn.filter(({ t }) => !isSince(t));
  const after = letIn.filter(({ t }) => intervalOf(told, t) === 'after');
  const isSame = before.every(({ door }) =>
    before.some(
      (one) => one.door === door && after.some((two) => two.door === door && two.token === one.token),
    ),
  );
  return provided(told, 'presence', before.length > 0 && isSame ? 'pass' : 'unknown');
};

const notExpired: Oracle = (told) => {
  const isStillborn = of(told, 'sign-in', ({ session }) => isResident(told, session)).some(
    ({ ok, expiresInMs }) => ok && expiresInMs !== undefined && expiresInMs <= 0,
  );
  const isExpired = refusalsIn(told).some(({ event, token, issued }) => {
    const says = /\bexpired\b|not yet valid/.test(event.reason ?? '') && !/invalid/.test(event.reason ?? '');
    return event.t >= expiresAt(told, token) || says || intervalOf(told, issued) !== 'before';
  });
  if (isStillborn || isExpired) return 'fail';
  return provided(told, 'absence', isShown(told) || isNobodyStruck(told) ? 'pass' : 'unknown');
};

/** A session that lives through the run came back with a token. */
const isShown = (told: Told) =>
  residents(told).some((session) =>
    of(told, 'ready', (event) => event.session === session && intervalOf(told, event.t) !== 'before').some(
      ({ conn }) =>
        of(told, 'connect', (event) => event.session === session && event.conn === conn).some(
          ({ token }) => token !== undefined,
        ),
    ),
  );

/** Somebody was connected to what was restarted, and nobody lost the connection. */
export function isNobodyStruck(told: Told): boolean {
  const holdsNone = told.header.plan.disruptions.every(({ holdsConnections }) => !holdsConnections);
  const concerned = concernedIn(told);
  const isUnharmed = concerned.every(({ lostAt }) => lostAt === null);
  return isProved(told) && isUnharmed && (holdsNone || concerned.length > 0);
}

const refreshWorks: Oracle = (told) => {
  const since = of(told, 'sign-in', ({ how, t }) => how === 'refresh' && intervalOf(told, t) !== 'before');
  if (since.some(({ ok, status }) => !ok && [400, 401, 403].includes(status ?? 0))) return 'fail';
  const isRenewed = since.some(({ ok, t }) => ok && t >= wholeAt(told));
  return provided(told, 'presence', isRenewed ? 'pass' : 'unknown');
};

/** Tries of what belongs out, each with whether its refusal says anything. */
function triesOf(told: Told, isMine: (knock: EventOf<'door'>) => boolean) {
  return of(told, 'door', (knock) => !isGood(knock) && isMine(knock)).map((knock) => {
    const interval = intervalOf(told, knock.t);
    const goods = of(told, 'door', isGood).filter(
      (good) =>
        good.door === knock.door &&
        good.let !== 'no-answer' &&
        intervalOf(told, good.t) === interval &&
        (good.instance === undefined || knock.instance === undefined || good.instance === knock.instance),
    );
    const isOpen =
      goods.length > 0
        ? goods.some((good) => good.let === 'in')
        : knock.via === 'connect' && holds(told, knock);
    return { knock, interval, isRefused: knock.let === 'out' && isOpen };
  });
}

/** That instance had let a session in by then. */
const holds = (told: Told, { instance, t }: EventOf<'door'>) =>
  of(told, 'open', (open) => instance !== undefined && open.instance === instance).some(({ session, conn }) =>
    of(told, 'ready').some((ready) => ready.session === session && ready.conn === conn && ready.t < t),
  );

const forgedRefused: Oracle = (told) => {
  const tries = triesOf(told, ({ credential }) => credential !== 'revoked');
  if (tries.some(({ knock }) => knock.let === 'in')) return 'fail';
  const kinds = [...new Set(tries.map(({ knock }) => knock.credential))];
  const isRefused = (interval: string, kind?: string) =>
    tries.some(
      (one) =>
        one.isRefused && one.interval === interval && (kind ?? one.knock.credential) === one.knock.credential,
    );
  const isEach = kinds.every((kind) => isRefused('before', kind) && isRefused('after', kind));
  return provided(told, 'presence', kinds.length > 0 && isEach && isRefused('during') ? 'pass' : 'unknown');
};

const revokedRefused: Oracle = (told) => {
  const wait = told.header.contract.revocationMs ?? 0;
  const tries = triesOf(told, (knock) => {
    const at = revokedAt(told, knock.token);
    return knock.credential === 'revoked' && (at === Infinity || knock.t >= at + wait);
  });
  if (tries.some(({ knock }) => knock.let === 'in')) return 'fail';
  const isAfter = tries.every(({ knock: { door } }) =>
    tries.some((one) => one.knock.door === door && one.isRefused && one.interval === 'after'),
  );
  return provided(told, 'presence', tries.length > 0 && isAfter ? 'pass' : 'unknown');
};

const noSecondLogin: Oracle = (told) => {
  const mine = of(told, 'sign-in', ({ session }) => isResident(told, session));
  if (mine.some(({ how, t }) => how === 'again' && intervalOf(told, t) !== 'before')) return 'fail';
  const isIn = mine.some(({ how, ok }) => how === 'first' && ok);
  return provided(told, 'absence', isIn ? 'pass' : 'unknown');
};

/** In an error or a goodbye there is no place for a secret. */
const secretsHidden: Oracle = (told) => {
  if (of(told, 'leak').some(({ where }) => where !== 'frame')) return 'fail';
  return provided(told, 'absence', of(told, 'connect').length > 0 ? 'pass' : 'unknown');
};

export const tokens: Readonly<Record<string, Oracle>> = {
  'accepted-before': acceptedBefore,
  'accepted-after': acceptedAfter,
  'not-expired': notExpired,
  'refresh-works': refreshWorks,
  'revoked-refused': revokedRefused,
  'forged-refused': forgedRefused,
  'no-second-login': noSecondLogin,
  'secrets-hidden': secretsHidden,
};
