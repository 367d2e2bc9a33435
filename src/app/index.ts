import type { App } from './port.js';

export * from './port.js';

/**
 * Load, plan, run, judge, write: the only place that puts the rooms together. Each part is loaded when it is asked for: to
 * judge a history nobody waits for the libraries that hold sessions.
 */
export const app: App = {
  load: async (path) => (await import('../config/index.js')).loadConfig(path),
  run: async (options) => (await import('./run.js')).run(options),
  sweep: async (options) => (await import('./sweep/sweep.js')).sweep(options),
  dryRun: async (options) => (await import('./dry-run.js')).dryRun(options),
  validate: async (options) => (await import('./validate.js')).validate(options),
  judge: async (paths, options) => (await import('./judge.js')).judge(paths, options),
  together: async (paths) => (await import('./judge.js')).together(paths),
  verdict: async (path) => (await import('./judge.js')).verdictOf(path),
  demo: async (options) => (await import('./demo.js')).demo(options),
  variants: async () => (await import('./demo.js')).variants(),
};
