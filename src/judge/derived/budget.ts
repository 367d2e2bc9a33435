import { inWords } from '../../base/duration.js';
import { fail, pass, unknown } from '../finding.js';
import type { Cause, Finding } from '../port.js';
import type { Event } from '../../history/events.js';
import { list } from '../words.js';
import { spreadOf } from './spread.js';
import type { Timing } from './timings.js';

/** One thing that was timed against a budget. */
export interface Timed {
  /** `session 12`, `backend`. */
  readonly name: string;
  readonly timing: Timing;
  /** Where the time went, in words; shown of those that were too slow. */
  readonly aside?: string;
  readonly blames: readonly Cause[];
  readonly evidence: readonly Event[];
}

/**
 * Upper end within the budget: pass; lower end above it: fail; between: unknown. `what` is the thing in words (`the
 * reconnect`). Source: semantics, "Time".
 */
export function againstBudget(what: string, budgetMs: number, timed: readonly Timed[]): Finding {
  const figures = figuresOf(timed, budgetMs);
  const slow = timed.filter(({ timing }) => timing.atLeast > budgetMs);
  const perhaps = timed.filter(({ timing }) => timing.atMost > budgetMs);
  if (slow.length > 0) {
    return fail(`${what} took longer than ${inWords(budgetMs)}: ${inFull(slow)}`, {
      figures,
      ...about(slow),
    });
  }
  if (perhaps.length > 0) {
    const summary = `${what} took about as long as the ${inWords(budgetMs)} that it may: ${inFull(perhaps)}, give or take what this program stood still itself`;
    return unknown(summary, { figures, ...about(perhaps) });
  }
  const { medianMs: median = 0, maxMs: max = 0 } = figures;
  const middle = timed.length > 2 ? `${inWords(median)} at the median, ` : '';
  const summary = `${what} took ${middle}${inWords(max)}${timed.length > 1 ? ' at most' : ''} (may take ${inWords(budgetMs)})`;
  return pass(summary, { figures, evidence: slowest(timed)?.evidence ?? [] });
}

function figuresOf(timed: readonly Timed[], budgetMs: number): Readonly<Record<string, number>> {
  const spread = spreadOf(timed.map(({ timing }) => timing.ms));
  if (!spread) return { n: 0, budgetMs };
  const { n, p50, p95, p99, max } = spread;
  const known = { n, medianMs: p50, maxMs: max, budgetMs };
  return p95 === null || p99 === null ? known : { ...known, p95Ms: p95, p99Ms: p99 };
}

const bySlowness = (one: Timed, other: Timed) => other.timing.ms - one.timing.ms;
const slowest = (timed: readonly Timed[]): Timed | undefined => [...timed].sort(bySlowness)[0];

const inFull = (timed: readonly Timed[]) =>
  list(
    [...timed]
      .sort(bySlowness)
      .map(
        ({ name, timing, aside }) =>
          `${name} ${inWords(timing.ms)}${aside === undefined ? '' : ` (${aside})`}`,
      ),
  );

const about = (timed: readonly Timed[]) => ({
  blames: timed.flatMap(({ blames }) => blames),
  evidence: [...timed]
    .sort(bySlowness)
    .slice(0, 3)
    .flatMap(({ evidence }) => evidence),
});
