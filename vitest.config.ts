import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** These take longer than any other, the longest first: begun last, they would be waited for alone. */
const longest = [
  'test/e2e/broken.test.ts',
  'test/servers/examples.test.ts',
  'test/conformance/disruption/disruption.test.ts',
  'test/e2e/demo.test.ts',
  'test/e2e/interrupted-demo.test.ts',
  'test/e2e/interruptions.test.ts',
  'test/e2e/own-client.test.ts',
  'test/judge/oracle/oracle.test.ts',
  'test/cli/signals.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = longest.findIndex((file) => moduleId.endsWith(`/${file}`));
      return rank === -1 ? longest.length : rank;
    };
    return (await super.sort(files)).sort((one, other) => rankOf(one) - rankOf(other));
  }
}

/** What a test waits for comes when it comes: on a busy machine, later than within the usual second. */
const patient = { poll: { timeout: 20_000 } };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    coverage: { provider: 'v8', include: ['src/**'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        test: {
          name: 'unit',
          expect: patient,
          include: ['test/**/*.test.ts', 'reference/test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/servers/**', '**/node_modules/**'],
          testTimeout: 120_000,
          // The first that needs PostgreSQL unpacks it.
          hookTimeout: 120_000,
          // They mostly wait for processes and sockets.
          maxWorkers: 3,
          // What a test leaves behind it would be a fault of its own; reading all modules anew for each file took as long as the tests.
          isolate: false,
        },
      },
      {
        // Two at a time, and after the others: each starts real processes, and many on a small machine disturb each other.
        test: {
          sequence: { groupOrder: 1 },
          name: 'e2e',
          expect: patient,
          include: ['test/e2e/**/*.test.ts'],
          maxWorkers: 2,
          maxConcurrency: 2,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Real servers that somebody else wrote; what is not installed is skipped, and says what to install. One at a time, beside
        // the others that start processes: together they take as long, and a fourth run would make the others wait for a core.
        test: {
          sequence: { groupOrder: 1 },
          name: 'servers',
          expect: patient,
          include: ['test/servers/**/*.test.ts'],
          // The same as of those beside it, with whom they share the workers.
          maxWorkers: 2,
          maxConcurrency: 1,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
