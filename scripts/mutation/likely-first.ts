import { TestRunner, type RunnerTask, type RunnerTestFile } from 'vitest';

/**
 * Runs first what is named like the file that was changed, as the first test that fails ends a run: a test of one check judges a history
 * by all of them, so that all tests reach the changed line, and few look at it.
 */
export default class LikelyFirst extends TestRunner {
  onCollected(files: RunnerTestFile[]): void {
    const mutated: unknown = this.injectValue('mutated');
    if (typeof mutated !== 'string') return;
    const isLikely = ({ name }: RunnerTask) => name.includes(mutated);
    for (const { tasks } of files) {
      tasks.sort((one, other) => Number(isLikely(other)) - Number(isLikely(one)));
    }
  }
}
