import type { Command } from 'commander';
import { withRunFlags, type RunFlags } from '../flags.js';
import type { Perform, World } from '../world.js';

interface Flags extends RunFlags {
  readonly config?: string;
  readonly require?: boolean;
  readonly allowRemote?: boolean;
  readonly dryRun?: boolean;
}

/** `outlast run`: the target that a config describes, judged. */
export function declareRun(program: Command, perform: Perform): void {
  withRunFlags(
    program.command('run').description('hold sessions on your service, restart it, judge what they lost'),
  )
    .option('-c, --config <file>', 'the config (default: outlast.config.ts, .mts, .js or .mjs here)')
    .option('--require', 'a skipped run is not a success (exit 3)')
    .option('--allow-remote', 'disrupt a target that is not on this machine')
    .option('--dry-run', 'say what would be done, and touch nothing')
    .action((flags: Flags) => perform((world) => run(flags, world)));
}

async function run(flags: Flags, world: World): Promise<number> {
  const { conduct, runOptions } = await import('../conduct.js');
  const app = await world.app();
  const config = await app.load(flags.config);
  const allowRemote = flags.allowRemote === true;
  if (flags.dryRun) {
    const options = runOptions({ config, flags, allowRemote });
    world.stdout.write(`${await app.dryRun({ ...options, signal: new AbortController().signal })}\n`);
    return 0;
  }
  return conduct({ config, flags, allowRemote, required: flags.require === true }, app, world);
}
