import type { Budgets, Contract, Rollout } from './data.js';

/** What differs from the named contract. */
export type ContractChanges = Partial<Omit<Contract, 'delivery' | 'budgets' | 'availability' | 'rollout'>> & {
  readonly rollout?: Partial<Rollout>;
  readonly budgets?: Partial<Budgets>;
  readonly availability?: Partial<Contract['availability']>;
};

/** The mission's budgets: restart 5 s, reconnect 10 s, recovery 10 s, all 30 s. */
export const missionBudgets: Budgets = {
  restartMs: 5_000,
  reconnectMs: 10_000,
  recoveryMs: 10_000,
  totalMs: 30_000,
};

/** HAProxy and nginx, checking as they do in our examples, notice within this time. */
export const standardRollout: Rollout = { noticeMs: 2_000, disconnects: 'needed' };

const mission: Omit<Contract, 'delivery'> = {
  order: 'sender',
  pipelining: true,
  idempotent: true,
  text: 'exact',
  echo: false,
  replayWindow: {},
  offlineMs: 60_000,
  revocationMs: 0,
  connectionLost: 'allowed',
  budgets: missionBudgets,
  // Thirty deploys a month, one each day: the availability asked for is 99.9 %.
  availability: { target: 0.999, restartsPerMonth: 30 },
};

/** Every acknowledged message arrives once. The default. */
export const exactlyOnce = (changes: ContractChanges = {}): Contract => named('exactly-once', changes);

/** Every acknowledged message arrives, perhaps more than once. */
export const atLeastOnce = (changes: ContractChanges = {}): Contract =>
  named('at-least-once', { idempotent: false, ...changes });

/** Nothing arrives twice; messages may be missed. */
export const atMostOnce = (changes: ContractChanges = {}): Contract =>
  named('at-most-once', { idempotent: false, ...changes });

function named(delivery: Contract['delivery'], changes: ContractChanges): Contract {
  return {
    ...mission,
    ...changes,
    delivery,
    rollout: { ...standardRollout, ...changes.rollout },
    budgets: { ...mission.budgets, ...changes.budgets },
    availability: { ...mission.availability, ...changes.availability },
  };
}
