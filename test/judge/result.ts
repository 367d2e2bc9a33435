import type { CheckResult } from '../../src/judge/verdict.js';
import { judge, resultOf, type Told } from './story.js';

/** What one check says of a history. */
export const result = (story: Told, id: string): CheckResult => resultOf(judge(story), id);
