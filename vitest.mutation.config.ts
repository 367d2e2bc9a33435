import { defineConfig } from 'vitest/config';
import type { Vite } from 'vitest/node';
import { KeptThread } from './scripts/mutation/kept-thread.js';
import { failWhatIsUnread } from './scripts/mutation/unread.js';

/** Stryker asks for plain threads on the command line, which wins over the config: they are exchanged afterwards. */
const keepThreads: Vite.Plugin = {
  name: 'kept-thread',
  configureVitest({ project, vitest }) {
    failWhatIsUnread(vitest);
    project.config.pool = 'kept-thread';
    project.config.poolRunner = {
      name: 'kept-thread',
      createPoolWorker: (options) => new KeptThread(options),
    };
  },
};

/** The tests that a mutant is run against: `docs/mutation.md` says why these, and why so. */
export default defineConfig({
  plugins: [keepThreads],
  test: {
    include: process.env['OUTLAST_MUTATION_TESTS']?.split(' ') ?? [
      'test/judge/**/*.test.ts',
      'test/history/**/*.test.ts',
    ],
    // They judge hundreds of drawn histories each. What they kill is killed by what states one behaviour, or it counts as alive.
    exclude: ['test/judge/oracle/**', 'test/judge/{properties,mutations,hostile}.test.ts'],
    runner: './scripts/mutation/likely-first.ts',
    isolate: false,
    // On a busy machine a slow test would be taken for a killed mutant. Stryker itself ends the loops that never end.
    testTimeout: 0,
    hookTimeout: 0,
  },
});
