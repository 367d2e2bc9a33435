import type { TestId } from '../history/events.js';
import type { CheckResult, Verdict } from '../judge/verdict.js';

/** A check's result with the test that it belongs to. */
export interface Told {
  readonly test: TestId;
  readonly check: CheckResult;
}

/** A failed check, and beneath it those that it explains. */
export interface Cause extends Told {
  readonly explains: readonly Cause[];
}

/** What is skipped for the same reason. */
export interface Skipped {
  readonly reason: string;
  readonly checks: readonly Told[];
}

/** A verdict in the order in which a person wants to hear it. */
export interface Story {
  readonly causes: readonly Cause[];
  readonly unknown: readonly Told[];
  readonly skipped: readonly Skipped[];
  /** Failed or unknown, and not promised by the contract. */
  readonly unpromised: readonly Told[];
  readonly judged: number;
}

export function storyOf(verdict: Verdict): Story {
  const all = verdict.tests.flatMap(({ id, checks }) => checks.map((check): Told => ({ test: id, check })));
  const failed = all.filter(({ check }) => check.binding && check.outcome === 'fail');
  return {
    causes: causesOf(failed),
    unknown: all.filter(({ check }) => check.binding && check.outcome === 'unknown'),
    skipped: groupSkipped(skippedIn(verdict)),
    unpromised: all.filter(
      ({ check }) => !check.binding && (check.outcome === 'fail' || check.outcome === 'unknown'),
    ),
    judged: verdict.tests.filter(({ outcome }) => outcome !== 'skipped').length,
  };
}

/** A check explained by one that did not fail, or by itself in a circle, stands on its own. */
function causesOf(failed: readonly Told[]): Cause[] {
  const byId = new Map(failed.map((told) => [told.check.id, told]));
  const parent = ({ check }: Told): Told | undefined => byId.get(check.consequenceOf ?? '');
  const isRoot = (told: Told): boolean => {
    const seen = new Set([told.check.id]);
    for (let above = parent(told); above; above = parent(above)) {
      if (seen.has(above.check.id)) return true;
      seen.add(above.check.id);
    }
    return parent(told) === undefined;
  };
  const grow = (told: Told): Cause => ({
    ...told,
    explains: failed.filter((other) => !isRoot(other) && parent(other) === told).map(grow),
  });
  return failed.filter(isRoot).map(grow);
}

/** Where a whole test is skipped, its own line says so. */
function skippedIn({ tests }: Verdict): Told[] {
  return tests
    .filter(({ outcome, reason }) => outcome !== 'skipped' || reason === undefined)
    .flatMap(({ id, checks }) =>
      checks.filter(({ outcome }) => outcome === 'skipped').map((check) => ({ test: id, check })),
    );
}

function groupSkipped(skipped: readonly Told[]): Skipped[] {
  const groups = new Map<string, Told[]>();
  for (const told of skipped) {
    const group = groups.get(told.check.summary);
    if (group) group.push(told);
    else groups.set(told.check.summary, [told]);
  }
  return [...groups].map(([reason, checks]) => ({ reason, checks }));
}
