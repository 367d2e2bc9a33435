import { Option, type Command } from 'commander';
import type { App, Config, RestartKind, Sweep, SweepOptions } from '../../app/port.js';
import { exitOfResult } from '../exit.js';
import { listOf, onlyOption, sessionCount, wholeNumber, type RunFlags } from '../flags.js';
import { printError } from '../print-error.js';
import type { Perform, World } from '../world.js';

interface Flags extends Omit<RunFlags, 'reporter' | 'restarts'> {
  readonly runs: number;
  readonly kinds: readonly RestartKind[];
  readonly config?: string;
  readonly demo?: boolean;
  readonly break?: string;
  readonly require?: boolean;
  readonly allowRemote?: boolean;
}

// Known here as well, so that help need not wait for the judge to be loaded.
const kinds: readonly RestartKind[] = ['graceful', 'killed'];

/** `outlast sweep`: many restarts, at random moments. */
export function declareSweep(program: Command, perform: Perform): void {
  program
    .command('sweep')
    .description('restart your service again and again, at random moments, and say how often it fails')
    .requiredOption('--runs <number>', 'how many restarts', wholeNumber(1, 100_000))
    .addOption(
      new Option('--kinds <list>', `what kinds, in turn, with commas: ${kinds.join(', ')}`)
        .argParser((value) => listOf(value, kinds, 'kind'))
        .default(kinds, kinds.join(',')),
    )
    .option('-c, --config <file>', 'the config (default: outlast.config.ts, .mts, .js or .mjs here)')
    .addOption(new Option('--demo', 'the reference service, instead of a config').conflicts('config'))
    .addOption(new Option('--break <name,…>', 'the reference service with parts broken').conflicts('config'))
    .addOption(onlyOption())
    .option('--sessions <number>', 'how many sessions (2 or more)', sessionCount)
    .option('--seed <text>', 'repeat the random choices of another sweep, or of one of its batches')
    .option('--out <folder>', 'the folder of the sweep itself (default: outlast-runs/sweep-<time>-<id>)')
    .option('--require', 'a sweep that is skipped is not a success (exit 3)')
    .option('--allow-remote', 'disrupt a target that is not on this machine')
    .option('--json', 'print the sweep as JSON on standard output')
    .option('-q, --quiet', 'show no progress')
    .action((flags: Flags) => perform((world) => sweep(flags, world)));
}

async function sweep(flags: Flags, world: World): Promise<number> {
  const app = await world.app();
  const config = await configOf(flags, app, world);
  const { listenToSignals } = await import('../signals.js');
  const { batchLine } = await import('../../report/index.js');
  using listening = listenToSignals(world);
  try {
    const swept = await app.sweep({
      ...asked(config, flags),
      signal: listening.signal,
      told: (batch) => void (flags.quiet || world.stderr.write(`outlast: ${batchLine(batch)}\n`)),
      onEmergency: (emergency) => listening.onEmergency(emergency),
      onUncaught: (deal) => listening.onUncaught(deal),
    });
    await print(swept, flags, world);
    const { outcome, failure } = swept;
    if (failure && failure !== listening.signal.reason) printError(failure, world);
    const result = { verdict: { outcome }, ...(failure && { failure }) };
    return listening.exitCode ?? exitOfResult(result, flags.require === true);
  } catch (error) {
    if (listening.exitCode === null) throw error;
    return listening.exitCode;
  }
}

async function configOf(flags: Flags, app: App, { stderr }: World): Promise<Config> {
  if (!flags.demo && flags.break === undefined) return app.load(flags.config);
  const { config, say } = await app.demo({
    ...{ crash: false, both: false, rolling: false },
    ...(flags.break !== undefined && { variant: flags.break }),
  });
  // What a restart of one kind cannot show, the other kind of a sweep shows: only what is broken is worth saying.
  const [title] = say;
  if (!flags.quiet && title !== undefined) stderr.write(`outlast: ${title}\n`);
  return config;
}

function asked(config: Config, flags: Flags): Omit<SweepOptions, 'signal'> {
  const { runs, kinds: wanted, only, sessions, seed, out, allowRemote } = flags;
  return {
    ...{ config, runs, kinds: wanted, allowRemote: allowRemote === true },
    ...(only && { only }),
    ...(sessions !== undefined && { sessions }),
    ...(seed !== undefined && { seed }),
    ...(out !== undefined && { out }),
  };
}

async function print(swept: Sweep, { json }: Flags, world: World): Promise<void> {
  const { sweepJson, sweepText } = await import('../../report/index.js');
  const { lookOf } = await import('../look.js');
  const { stdout } = world;
  if (json) stdout.write(sweepJson(swept));
  else stdout.write(`\n${sweepText(swept, lookOf(stdout, world))}`);
}
