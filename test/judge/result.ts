import { checks } from '../../src/judge/checks/index.js';
import type { Check, Finding } from '../../src/judge/port.js';
import type { CheckResult } from '../../src/judge/verdict.js';
import { judge, resultOf, type Told } from './story.js';

/** What one check says of a history, judged by that check alone: with the facts that it says it uses, and nothing that explains it. */
export const result = (told: Told, id: string): CheckResult =>
  resultOf(judge(told, { checks: checks.filter((check) => check.id === id) }), id);

/** The same with all other checks beside it, which may explain it. */
export const explained = (told: Told, id: string): CheckResult => resultOf(judge(told), id);

/** What one check finds in a history, with whom it blames: a verdict does not show that. */
export function finding(told: Told, id: string): Finding {
  const found: Finding[] = [];
  const heard = checks.filter((check) => check.id === id).map((check) => hearing(check, found));
  judge(told, { checks: heard });
  const [one] = found;
  if (!one) throw new Error(`the check ${id} judged nothing in this history`);
  return one;
}

const hearing = (check: Check, found: Finding[]): Check => ({
  ...check,
  start(context) {
    const fold = check.start(context);
    return {
      judge(end) {
        const one = fold.judge(end);
        found.push(one);
        return one;
      },
    };
  },
});
