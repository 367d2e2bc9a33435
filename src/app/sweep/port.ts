import type { OutlastError } from '../../base/errors.js';
import type { BatchReport, SweepReport } from '../../report/index.js';

export interface SweepBatch extends BatchReport {
  readonly failure?: OutlastError;
}

export interface Sweep extends SweepReport {
  readonly batches: readonly SweepBatch[];
  readonly folder: string;
  readonly failure?: OutlastError;
}
