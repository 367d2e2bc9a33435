import { checks } from './checks/index.js';
import type { Check } from './port.js';

export { checks } from './checks/index.js';
export { judging, type About as JudgedAbout, type Judging, type JudgingOptions } from './judging.js';
export { titleOf } from './derived/noun.js';
export { alignmentOf, type Alignment, type Offsets } from './clocks/alignment.js';
export { Survey, type Precedence, type Twice } from './clocks/survey.js';
export { merge } from './outcomes.js';
export { atMostShare } from './sweep/bound.js';
export type { Outcomes } from './sweep/outcomes.js';
export { momentsOf, type Moment } from './sweep/moments.js';
export {
  sweepTable,
  type LabelledRestart,
  type RestartKind,
  type RestartOutcome,
  type SweepRow,
} from './sweep/table.js';
export { sessionsInWords } from './words.js';
export type {
  About,
  Accumulator,
  Cause,
  Check,
  Context,
  End,
  Finding,
  Fold,
  Outcome,
  Projection,
} from './port.js';
export type { CheckResult, DisruptionFigures, RunFigures, Spread, TestResult, Verdict } from './verdict.js';

/** The check of that id; undefined where there is none. */
export const checkById = (id: string): Check | undefined => checks.find((check) => check.id === id);
