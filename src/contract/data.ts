/** What a target promises. Plain data: it stands in the header of every history. Times are milliseconds. */
export interface Contract {
  /** The name of the promise for people: `exactly-once`, … */
  readonly delivery: 'at-most-once' | 'at-least-once' | 'exactly-once';
  /** `sender`: each sender's messages in order. `room`: all readers of a room agree on one order. */
  readonly order: 'none' | 'sender' | 'room';
  /** Two first attempts on one connection keep their order even when the second did not wait for the first's answer. */
  readonly pipelining: boolean;
  /** A message sent again under the same id is the same message. */
  readonly idempotent: boolean;
  /** How the target may change a text: not at all, trimmed at both ends, or with HTML entities. */
  readonly text: 'exact' | 'trimmed' | 'escaped';
  /** The sender receives its own messages too. */
  readonly echo: boolean;
  /** An absence that is longer, or misses more, is not owed a replay. Empty: no limit. */
  readonly replayWindow: { readonly ms?: number; readonly messages?: number };
  /** A session that was away for longer may be signed out. */
  readonly offlineMs: number;
  /** When a revoked token must be refused: this long after the revocation was confirmed; `null`: only at its expiry. */
  readonly revocationMs: number | null;
  /** Sessions are expected to lose their connection; `false` expects a deploy that nobody notices. */
  readonly connectionLost: 'expected' | 'allowed' | 'never';
  /** Absent: as in `standardRollout`. */
  readonly rollout?: Rollout;
  readonly budgets: Budgets;
  readonly availability: { readonly target: number; readonly restartsPerMonth: number };
}

/** What is promised where several replicas stand behind one address. */
export interface Rollout {
  /** How long a balancer may go on sending sessions to a replica that is not ready, and pass by one that is. */
  readonly noticeMs: number;
  /**
   * How often one rollout may disconnect a session. `needed`: more than once, but only by the restart of the replica that it is
   * on, and replicas that are next are not preferred to restarted ones. `once`: never more than once. `any`: as often as it likes.
   */
  readonly disconnects: 'once' | 'needed' | 'any';
}

export interface Budgets {
  readonly restartMs: number;
  readonly reconnectMs: number;
  readonly recoveryMs: number;
  readonly totalMs: number;
}
