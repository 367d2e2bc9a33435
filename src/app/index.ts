import { loadConfig } from '../config/index.js';
import { createRedactor } from '../observe/record/index.js';
import { startGuardian } from '../system/index.js';
import { demo, variants } from './demo.js';
import { describeRun } from './dry-run.js';
import { judge, together, verdictOf } from './judge.js';
import type { App } from './port.js';
import { refuse } from './refusals.js';
import { prepare, run } from './run.js';
import { sweep } from './sweep/sweep.js';
import { validate } from './validate.js';

export * from './port.js';

/** Load, plan, run, judge, write: the only place that puts the rooms together. */
export const app: App = {
  load: loadConfig,
  run,
  sweep,
  async dryRun(options) {
    await using guardian = startGuardian();
    const nothing = () => undefined;
    const means = { redactor: createRedactor(), guardian, note: nothing, broken: nothing };
    const setup = await prepare(options, means);
    refuse(setup, options);
    return describeRun(setup);
  },
  validate,
  judge,
  together,
  verdict: verdictOf,
  demo,
  variants,
};
