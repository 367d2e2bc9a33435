/**
 * Mutation testing of what decides: `npm run test:mutation -- --mutate 'src/judge/facts/**'`. `docs/mutation.md` tells the rest.
 */
export default {
  mutate: ['src/judge/**/*.ts', 'src/history/**/*.ts'],
  plugins: ['@stryker-mutator/vitest-runner', './scripts/mutation/prose.js'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  coverageAnalysis: 'perTest',
  // Sentences for people, and nothing else.
  ignorers: ['prose'],
  concurrency: 1,
  // Loops are found by counting. A time-out only catches what the count does not see; a short one would call a busy machine a kill.
  timeoutMS: 120_000,
  ignorePatterns: [
    '/bench',
    '/build',
    '/coverage',
    '/dist',
    '/docs',
    '/examples',
    '/reference',
    'outlast-runs',
  ],
  tempDirName: 'coverage/stryker',
  incrementalFile: 'coverage/mutation/incremental.json',
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { logTests: false, reportTests: false },
  htmlReporter: { fileName: 'coverage/mutation/index.html' },
  jsonReporter: { fileName: 'coverage/mutation/mutation.json' },
  thresholds: { high: 95, low: 90, break: 90 },
};
