import type { AuthParts } from '../auth/parts.js';
import type { BalancerParts } from '../balancer/service.js';
import type { BalancerConfiguration } from '../configuration.js';
import type { Logger } from '../logger.js';
import type { BackendParts } from '../backend/parts.js';
import { drainWithin, endOnSignal } from '../lifecycle.js';
import {
  cutsInBytes,
  forgetsCursors,
  hangs,
  neverEnds,
  repeatsAPart,
  skipsAPart,
  statesMoveTheCursor,
} from './answers/playbacks.js';
import { CancellingHere, finishUnfinished, inOtherWords, StartingOver } from './answers/stores.js';
import { ForgetfulRefreshTokens, FreshKeys, NewestSessionOnly } from './auth-faults.js';
import {
  CredulousDoor,
  CredulousMembership,
  earlyDoor,
  talkativeDoor,
  forgetfulProfiles,
  ForgetfulRevocations,
  forgetfulSessions,
  ownReplaysOnly,
  resumeAtHead,
  resumeOneTooEarly,
  resumePastTheEnd,
  slowRecords,
  strangersRefused,
  swappedRecords,
} from './backend-faults.js';
import {
  CountingFromStart,
  DoublingOnRehydration,
  headsAtStart,
  largestThread,
  refuseWhoIsAhead,
  WithoutOwner,
} from './logs/after-restart.js';
import { OneVersionOnly, OwnMessagesOnly, Remembering, Versioned, versionOf } from './logs/instances.js';
import { EarlyLog } from './logs/early-log.js';
import { LeakingLog } from './logs/leaking.js';
import { MemoryLog } from './logs/memory-log.js';
import { CountingAtFirstJoin, IndexingAtFirstMessage } from './logs/rebuilding.js';
import { ForgetfulOfIds, OrderedByClock, Renumbering, StoringRefused, Truncating } from './logs/wrapped.js';
import type { FaultName } from './manifest.js';
import { cutting } from './cutting.js';
import { byToken, firstReady, leastHeldOnly, LookingOnce } from './balancer-faults.js';
import { rebuild } from './rebuild.js';
import { startsOn } from './starts.js';

/** The first, and one restart. */
const startsThatWork = 2;
/** Longer than a restart may take. */
const startMs = 6_000;
/** Longer than anyone may take to come back. */
const returnMs = 11_000;

/** Longer than a balancer of the demo may take to notice, and less than a restart may take. */
const awayMs = 2_500;
/** Of the demo: so many are started first. */
const replicas = 2;

export type Swap<Parts> = (parts: Parts) => Partial<Parts> | Promise<Partial<Parts>>;

/** Each puts one wrong part in the place of a right one. */
export const backendSwaps: Partial<Record<FaultName, Swap<BackendParts>>> = {
  'memory-log': ({ pool }) => ({ log: new MemoryLog(pool) }),
  'ack-before-commit': ({ log, pool }) => ({ log: new EarlyLog(log, pool) }),
  'no-idempotency': ({ log }) => ({ log: new ForgetfulOfIds(log) }),
  'leaks-rooms': ({ log, pool }) => {
    const leaking = new LeakingLog(log, pool);
    return { log: leaking, resume: leaking.resume };
  },
  'orders-by-clock': ({ log }) => ({ log: new OrderedByClock(log) }),
  truncates: ({ log }) => ({ log: new Truncating(log) }),
  renumbers: ({ log }) => ({ log: new Renumbering(log) }),
  'replay-off-by-one': () => ({ resume: resumeOneTooEarly }),
  'false-resume': () => ({ resume: resumeAtHead }),
  'forgets-revocations': ({ pool }) => ({ revocations: new ForgetfulRevocations(pool) }),
  'accepts-unsigned-at-start': ({ door }) => ({ door: new CredulousDoor(door) }),
  'expires-early-at-start': ({ door }) => ({ door: earlyDoor(door) }),
  'shows-the-token': ({ door }) => ({ door: talkativeDoor(door) }),
  'forgets-profile': ({ records }) => ({ records: forgetfulProfiles(records) }),
  'forgets-session-data': ({ records }) => ({ records: forgetfulSessions(records) }),
  'swaps-identity': async (parts) => ({ records: await swappedRecords(parts) }),
  'stores-refused': ({ log }) => ({ log: new StoringRefused(log) }),
  'doubles-on-rehydration': async ({ log, pool }) => ({
    log: new DoublingOnRehydration(log, await headsAtStart(pool)),
  }),
  'orphans-a-thread': async ({ log, pool }) => ({
    log: new WithoutOwner(log, pool, await largestThread(pool)),
  }),
  'refuses-returners': async ({ log, pool }) => ({
    log: new CountingFromStart(log, await headsAtStart(pool)),
    resume: refuseWhoIsAhead,
  }),
  'deaf-after-resume': () => ({ resume: resumePastTheEnd }),
  'works-once': async ({ pool }) =>
    (await startsOn(pool)) > startsThatWork ? { resume: resumePastTheEnd } : {},
  'slow-start': async ({ pool }) => {
    await rebuild(pool, startMs);
    return {};
  },
  'slow-return': ({ log, pool }) => ({ log: new CountingAtFirstJoin(log, pool, returnMs) }),
  'slow-first-message': ({ log, pool }) => ({ log: new IndexingAtFirstMessage(log, pool, returnMs) }),
  'slow-records': ({ records }) => ({ records: slowRecords(records) }),
  'looks-once': async ({ pool }) => {
    await rebuild(pool, awayMs);
    return {};
  },
  'resumes-anyone': ({ membership }) => ({ membership: new CredulousMembership(membership) }),
  'strangers-refused': () => ({ resume: strangersRefused() }),
  'own-replays-only': () => ({ resume: ownReplaysOnly() }),
  'own-messages-only': ({ log, pool }) => {
    const remembering = new Remembering(log);
    return { log: remembering, delivered: () => new OwnMessagesOnly(log, remembering, pool) };
  },
  'one-version-only': async ({ log, pool }) => {
    const version = await versionOf(pool, replicas);
    const remembering = new Versioned(log, pool, version);
    return { log: remembering, delivered: () => new OneVersionOnly(log, { pool, version, remembering }) };
  },
  'answers-cut-short': async ({ pool }) => {
    await finishUnfinished(pool);
    return {};
  },
  'answers-never-end': () => ({ playback: neverEnds }),
  'answers-repeat-a-part': () => ({ playback: repeatsAPart }),
  'answers-skip-a-part': () => ({ playback: skipsAPart }),
  'answers-made-anew': ({ answers, pool }) => ({
    answers: new StartingOver(answers, pool),
    assistant: inOtherWords(),
  }),
  'answers-cut-in-bytes': ({ answers }) => ({ playback: cutsInBytes(answers) }),
  'answers-hang': () => ({ playback: hangs }),
  'states-move-the-cursor': () => ({ playback: statesMoveTheCursor }),
  'answers-forget-cursors': () => ({ playback: forgetsCursors }),
  'cancels-in-memory': ({ answers }) => ({ answers: new CancellingHere(answers) }),
  'closes-wrong-code': () => ({ farewell: { code: 1000, reason: 'bye' } }),
};

export const balancerSwaps: Partial<
  Record<FaultName, (configuration: BalancerConfiguration, logger: Logger) => Partial<BalancerParts>>
> = {
  'looks-once': ({ REPLICAS, CHECK_MS }, logger) => ({
    pool: new LookingOnce({ replicas: REPLICAS, checkMs: CHECK_MS, logger }),
    choose: leastHeldOnly,
  }),
  'drops-on-change': () => ({ changed: (passage) => passage.cut() }),
  'first-ready': () => ({ choose: firstReady }),
  'own-replays-only': () => ({ choose: byToken }),
  'short-idle': () => ({ idleMs: 1_000 }),
};

export const authSwaps: Partial<Record<FaultName, Swap<AuthParts>>> = {
  'fresh-secret': () => ({ keys: new FreshKeys() }),
  'signs-everyone-out': () => ({ keys: new FreshKeys(), refreshTokens: new ForgetfulRefreshTokens() }),
  'newest-session-only': ({ pool }) => ({ sessions: new NewestSessionOnly(pool) }),
  'forgets-refresh': () => ({ refreshTokens: new ForgetfulRefreshTokens() }),
};

/** How the process ends, where that is what is wrong. */
export const ends: Partial<Record<FaultName, typeof endOnSignal>> = {
  'no-drain': () => {
    process.on('SIGTERM', () => process.exit(0));
  },
  'cuts-requests': (service, graceSeconds, logger) => {
    process.once('SIGTERM', cutting());
    endOnSignal(service, graceSeconds, logger);
  },
  'exits-dirty': (service, graceSeconds, logger) => {
    process.once(
      'SIGTERM',
      () => void drainWithin(service, graceSeconds, logger).then(() => process.exit(1)),
    );
  },
};
