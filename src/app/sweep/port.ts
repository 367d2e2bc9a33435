import type { OutlastError } from '../../base/errors.js';
import type { LabelledRestart, Outcome, SweepRow } from '../../judge/index.js';

/** Some restarts one after the other, in one history. */
export interface SweepBatch {
  /** From 1. */
  readonly number: number;
  /** Repeats it, as the first batch of another sweep. */
  readonly seed: string;
  /** How many restarts were planned. */
  readonly runs: number;
  readonly outcome: Outcome;
  /** Why it was skipped, is unknown or was interrupted. */
  readonly reason?: string;
  /** Those that count. */
  readonly restarts: readonly LabelledRestart[];
  readonly tookMs: number;
  /** Its run directory; null: it passed, and was taken away. */
  readonly folder: string | null;
  /** What ended it early. */
  readonly failure?: OutlastError;
}

export interface Sweep {
  readonly seed: string;
  readonly outcome: Outcome;
  /** How many restarts were asked for, and how many count. */
  readonly asked: number;
  readonly restarts: number;
  readonly rows: readonly SweepRow[];
  readonly batches: readonly SweepBatch[];
  readonly tookMs: number;
  readonly folder: string;
  /** What could not be healed. */
  readonly notes: readonly string[];
  /** What ended it early. */
  readonly failure?: OutlastError;
}
