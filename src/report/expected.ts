import type { Verdict } from '../judge/verdict.js';

/** Which checks a broken service must fail. `consequences` may fail as well, explained by one of `fails`. */
export interface ExpectedFailures {
  readonly fails: readonly string[];
  readonly consequences: readonly string[];
}

/** How a verdict differs from what a broken service must show, a sentence each; empty where it is as expected. */
export function compareWithExpected(verdict: Verdict, { fails, consequences }: ExpectedFailures): string[] {
  const binding = verdict.tests.flatMap(({ checks }) => checks).filter((check) => check.binding);
  const failed = binding.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  const unknown = binding.filter(({ outcome }) => outcome === 'unknown').map(({ id }) => id);
  const allowed = [...fails, ...consequences];
  return [
    ...fails.filter((id) => !failed.includes(id)).map((id) => `${id} should fail, and does not`),
    ...failed.filter((id) => !allowed.includes(id)).map((id) => `${id} fails, and should not`),
    ...unknown.filter((id) => !allowed.includes(id)).map((id) => `${id} is unknown, and should be known`),
  ];
}
