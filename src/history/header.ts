import type { Contract, Rollout } from '../contract/data.js';
import { facets, testIds } from './events.js';
import type { Header, Plan, PlannedDisruption, PlannedSession } from './events.js';
import { countFrom, duration, exactly, flag, listOf, name, number, object, oneOf } from './shape.js';
import { optional, orNull, someOf } from './shape.js';

/** The version of the format that this program writes and reads. */
export const historyVersion = 1;

const contract = object<Contract>({
  delivery: oneOf('at-most-once', 'at-least-once', 'exactly-once'),
  order: oneOf('none', 'sender', 'room'),
  pipelining: flag,
  idempotent: flag,
  text: oneOf('exact', 'trimmed', 'escaped'),
  echo: flag,
  replayWindow: object<Contract['replayWindow']>({
    ms: optional(duration),
    messages: optional(countFrom(0)),
  }),
  offlineMs: duration,
  revocationMs: orNull(duration),
  connectionLost: oneOf('expected', 'allowed', 'never'),
  rollout: optional(object<Rollout>({ noticeMs: duration, disconnects: oneOf('once', 'needed', 'any') })),
  budgets: object<Contract['budgets']>({
    restartMs: duration,
    reconnectMs: duration,
    recoveryMs: duration,
    totalMs: duration,
  }),
  availability: object<Contract['availability']>({ target: number, restartsPerMonth: number }),
});

const plan = object<Plan>({
  tests: listOf(oneOf(...testIds)),
  without: someOf(facets, name),
  sessions: listOf(
    object<PlannedSession>({
      session: name,
      role: oneOf('chatter', 'absentee', 'control-absentee', 'newcomer', 'auditor'),
      rooms: listOf(name),
    }),
  ),
  disruptions: listOf(
    object<PlannedDisruption>({
      type: name,
      services: listOf(name),
      holdsConnections: flag,
      lacks: optional(someOf(facets, name)),
    }),
  ),
  client: object<Plan['client']>({
    name,
    reconnects: oneOf('itself', 'never'),
    offlineSend: oneOf('refused', 'buffered', 'waits'),
  }),
  messagesPerSecond: number,
  quietMs: duration,
});

/** The first line of a history. */
export const headerShape = object<Header>({
  outlast: exactly(historyVersion),
  run: name,
  seed: name,
  epoch: name,
  writer: name,
  contract,
  plan,
});
