import { z } from 'zod';
import { atLeastOnce, atMostOnce, exactlyOnce } from '../../contract/contracts.js';
import type { Contract } from '../../contract/data.js';
import type { WorkloadConfig } from '../types.js';
import { amount, duration, expected, flag, keys, known, oneOf, span, wholeNumber } from './parts.js';

const named = {
  'exactly-once': exactlyOnce,
  'at-least-once': atLeastOnce,
  'at-most-once': atMostOnce,
} as const;
const factories = 'exactlyOnce({ … }), atLeastOnce({ … }) or atMostOnce({ … })';

const budgets = keys('budgets: { restart, reconnect, recovery, total }', {
  restart: span().optional(),
  reconnect: span().optional(),
  recovery: span().optional(),
  total: span().optional(),
});

const options = keys(factories, {
  kind: z.enum(['exactly-once', 'at-least-once', 'at-most-once'], expected(factories)),
  order: oneOf(['none', 'sender', 'room']).optional(),
  pipelining: flag().optional(),
  idempotent: flag().optional(),
  text: oneOf(['exact', 'trimmed', 'escaped']).optional(),
  echo: flag().optional(),
  replayWindow: keys('{ time, messages }', {
    time: span().optional(),
    messages: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a number of messages').optional(),
  }).optional(),
  offline: span().optional(),
  revocation: z
    .union([z.enum(['immediate', 'at-expiry']), span()], expected("'immediate', 'at-expiry' or a duration"))
    .optional(),
  connectionLost: oneOf(['expected', 'allowed', 'never']).optional(),
  rollout: keys('rollout: { notice, disconnects }', {
    notice: span().optional(),
    disconnects: oneOf(['once', 'needed', 'any']).optional(),
  }).optional(),
  budgets: budgets.optional(),
  availability: keys('{ target, restartsPerMonth }', {
    target: amount(0, 1, 'a share such as 0.999').optional(),
    restartsPerMonth: amount(0, 1e6, 'a number of restarts').optional(),
  }).optional(),
});

export const contract = options.transform((said): Contract => {
  const { kind, replayWindow, offline, revocation, rollout, budgets, ...same } = said;
  return named[kind]({
    ...known(same),
    ...known({ offlineMs: offline, revocationMs: revocationMs(revocation) }),
    ...(replayWindow && { replayWindow: known({ ms: replayWindow.time, messages: replayWindow.messages }) }),
    rollout: known({ noticeMs: rollout?.notice, disconnects: rollout?.disconnects }),
    budgets: known({
      restartMs: budgets?.restart,
      reconnectMs: budgets?.reconnect,
      recoveryMs: budgets?.recovery,
      totalMs: budgets?.total,
    }),
    availability: known(said.availability ?? {}),
  });
});

function revocationMs(said: 'immediate' | 'at-expiry' | number | undefined): number | null | undefined {
  if (said === 'immediate') return 0;
  return said === 'at-expiry' ? null : said;
}

export const workload = keys('workload: { sessions, roomSize, messagesPerSecond, … }', {
  sessions: wholeNumber(2, 100_000).default(50),
  roomSize: wholeNumber(2, 10_000).default(5),
  messagesPerSecond: amount(0.1, 1e6, 'a number of messages a second, over all sessions').default(100),
  steady: duration().default(1_500),
  quiet: duration().default(2_000),
  maxLength: wholeNumber(64, 1_000_000).default(2_000),
}).transform(({ steady, quiet, ...rest }): WorkloadConfig => ({ ...rest, steadyMs: steady, quietMs: quiet }));
