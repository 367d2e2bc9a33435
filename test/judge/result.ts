import { checks } from '../../src/judge/checks/index.js';
import type { CheckResult } from '../../src/judge/verdict.js';
import { judge, resultOf, type Told } from './story.js';

/** What one check says of a history, judged by that check alone: with the facts that it says it uses, and nothing that explains it. */
export const result = (told: Told, id: string): CheckResult =>
  resultOf(judge(told, { checks: checks.filter((check) => check.id === id) }), id);

/** The same with all other checks beside it, which may explain it. */
export const explained = (told: Told, id: string): CheckResult => resultOf(judge(told), id);
