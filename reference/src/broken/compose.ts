import type { AuthParts } from '../auth/parts.js';
import type { BackendParts } from '../backend/parts.js';
import { drainWithin, type endOnSignal } from '../lifecycle.js';
import { ForgetfulRefreshTokens, FreshKeys } from './auth-faults.js';
import {
  CredulousDoor,
  forgetfulProfiles,
  ForgetfulRevocations,
  forgetfulSessions,
  resumeAtHead,
  resumeOneTooEarly,
  swappedRecords,
} from './backend-faults.js';
import { EarlyLog } from './logs/early-log.js';
import { LeakingLog } from './logs/leaking.js';
import { MemoryLog } from './logs/memory-log.js';
import { ForgetfulOfIds, OrderedByClock, Renumbering, Truncating } from './logs/wrapped.js';
import type { FaultName } from './manifest.js';

type Swap<Parts> = (parts: Parts) => Partial<Parts> | Promise<Partial<Parts>>;

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
  'forgets-profile': ({ records }) => ({ records: forgetfulProfiles(records) }),
  'forgets-session-data': ({ records }) => ({ records: forgetfulSessions(records) }),
  'swaps-identity': async (parts) => ({ records: await swappedRecords(parts) }),
  'closes-wrong-code': () => ({ farewell: { code: 1000, reason: 'bye' } }),
};

export const authSwaps: Partial<Record<FaultName, Swap<AuthParts>>> = {
  'fresh-secret': () => ({ keys: new FreshKeys() }),
  'forgets-refresh': () => ({ refreshTokens: new ForgetfulRefreshTokens() }),
};

/** How the process ends, where that is what is wrong. */
export const ends: Partial<Record<FaultName, typeof endOnSignal>> = {
  'no-drain': () => {
    process.on('SIGTERM', () => process.exit(0));
  },
  'exits-dirty': (service, graceSeconds, logger) => {
    process.once(
      'SIGTERM',
      () => void drainWithin(service, graceSeconds, logger).then(() => process.exit(1)),
    );
  },
};
