import type { Verdict } from '../judge/verdict.js';
import { printable } from '../base/printable.js';

const levels = { fail: 'error', unknown: 'warning', skipped: 'warning', pass: null } as const;

/** A line that GitHub shows on the run's page, so that a skipped run is not taken for a passed one; null for a pass. */
export function annotation(verdict: Verdict): string | null {
  const level = levels[verdict.outcome];
  if (level === null) return null;
  const failed = verdict.tests.filter(({ outcome }) => outcome === verdict.outcome).map(({ id }) => id);
  const what = verdict.reason ?? failed.join(', ');
  return `::${level} title=Outlast: ${verdict.outcome}::${printable(what, 500).replaceAll('%', '%25')}`;
}
