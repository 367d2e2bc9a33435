import type { RunnerTask, RunnerTestCase, RunnerTestFile } from 'vitest';
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
  const about = {
    id: `${file.id}_unread`,
    name: 'is read',
    fullName: `${file.name} > is read`,
    type: 'test',
    mode: 'run',
  } as const;
  const failed = {
    ...about,
    file,
    meta: {},
    timeout: 0,
    annotations: [],
    artifacts: [],
    context: {},
    ...{ result: file.result },
  };
  return { ...file, tasks: [...file.tasks, failed as unknown as RunnerTestCase as RunnerTask] };
}
