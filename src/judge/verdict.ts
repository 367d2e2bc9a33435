import type { TestId } from '../history/events.js';
import type { Finding, Outcome } from './port.js';

/** All findings of a run, as written to `verdict.json`. The same history gives the same verdict but for `judgedAt`. */
export interface Verdict {
  readonly outlast: 1;
  readonly run: string;
  readonly seed: string;
  readonly writer: string;
  /** Wall clock at the start of the run (ISO 8601). */
  readonly startedAt: string;
  /** Wall clock of the judging (ISO 8601): the only part that differs when a history is judged again. */
  readonly judgedAt: string;
  readonly outcome: Outcome;
  /** Why it was skipped, is unknown or was interrupted; one sentence. */
  readonly reason?: string;
  readonly tests: readonly TestResult[];
  readonly disruptions: readonly DisruptionFigures[];
  readonly figures: RunFigures;
  /** Things that a reader should know: a torn last line, users that were given, stalls. */
  readonly notes: readonly string[];
}

export interface TestResult {
  readonly id: TestId;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** One sentence and one figure: what the table of the six shows. */
  readonly headline: string;
  readonly checks: readonly CheckResult[];
}

export interface CheckResult {
  readonly id: string;
  readonly outcome: Outcome;
  /** False: the contract does not promise it; shown, never decisive. */
  readonly binding: boolean;
  /** The check whose finding explains this one. */
  readonly consequenceOf?: string;
  readonly summary: string;
  readonly figures: Finding['figures'];
  readonly evidence: Finding['evidence'];
  /** Where the finding tells more than the usual causes of the check. */
  readonly likely?: Finding['likely'];
}

export interface DisruptionFigures {
  readonly type: string;
  readonly services: readonly string[];
  /** Did it restart something, or begin to? */
  readonly restarts: boolean;
  /** First signal → ready at the door, less `heldMs`; null: never, or nothing was restarted. */
  readonly restartMs: number | null;
  /** For how long the target was kept from working on purpose, which is counted nowhere; null: not at all. */
  readonly heldMs: number | null;
  readonly reconnectMs: Spread | null;
  readonly recoveryMs: Spread | null;
  /** Where the median session's reconnect went. */
  readonly reconnectSplitMs: {
    readonly down: number;
    readonly waiting: number;
    readonly handshake: number;
    readonly joined: number;
  } | null;
}

/** Percentiles of durations; with fewer than 100 samples `p95` and `p99` are null and the maximum speaks. */
export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number;
}

export interface RunFigures {
  readonly totalMs: number;
  readonly sessions: number;
  readonly disruptedSessions: number;
  readonly messages: {
    /** Handed to the target at least once. */
    readonly sent: number;
    /** Due while their sender had no connection, and never handed to the target. */
    readonly unoffered: number;
    readonly acknowledged: number;
    readonly received: number;
    readonly refused: number;
    readonly unsure: number;
  };
  readonly downtimeMs: Spread | null;
  /** At this downtime per deploy, how many deploys a month the availability target leaves room for. */
  readonly deploysPerMonth: number | null;
}
