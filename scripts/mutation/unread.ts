import type { RunnerTask, RunnerTestFile } from 'vitest';
import type { Vitest } from 'vitest/node';

/**
 * A mutant may keep a test file from being read at all. No test of it fails then, because none is there, and Stryker, which
 * counts failed tests, would take the mutant for a survivor: such a file is given one test, which failed.
 */
export function failWhatIsUnread({ state }: Vitest): void {
  const filesOf = state.getFiles.bind(state);
  state.getFiles = (paths) => filesOf(paths).map((file) => (isUnread(file) ? withFailed(file) : file));
}

const isUnread = ({ result }: RunnerTestFile): boolean =>
  result?.state === 'fail' && (result.errors ?? []).length > 0;

function withFailed(file: RunnerTestFile): RunnerTestFile {
  const name = 'is read';
  const failed = {
    ...{ type: 'test', id: `${file.id}_unread`, name, fullName: `${file.name} > ${name}`, mode: 'run' },
    ...{ file, result: file.result, meta: {}, timeout: 0, annotations: [], artifacts: [], context: {} },
  };
  return { ...file, tasks: [...file.tasks, failed as unknown as RunnerTask] };
}
