import type { Command } from 'commander';
import type { App, Config } from '../../app/port.js';
import { exits } from '../exit.js';
import { lookOf } from '../look.js';
import type { Perform, World } from '../world.js';

interface Flags {
  readonly config?: string;
  readonly allowRemote?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `outlast validate`: does the client of a config tell the truth? */
export function declareValidate(program: Command, perform: Perform): void {
  program
    .command('validate')
    .description('take the client of a config through all that a run does to it, and say what it does wrong')
    .option('-c, --config <file>', 'the config (default: outlast.config.ts, .mts, .js or .mjs here)')
    .option('--allow-remote', 'disrupt a target that is not on this machine')
    .option('--json', 'print what came of each rule as JSON on standard output')
    .option('-q, --quiet', 'show no progress')
    .action((flags: Flags) => perform((world) => validate(flags, world)));
}

async function validate(flags: Flags, world: World): Promise<number> {
  const app = await world.app();
  const config = await app.load(flags.config);
  const { listenToSignals } = await import('../signals.js');
  using listening = listenToSignals(world);
  try {
    const validation = await app.validate({
      ...asked(config, flags, world),
      signal: listening.signal,
      onEmergency: (emergency) => listening.onEmergency(emergency),
      onUncaught: (deal) => listening.onUncaught(deal),
    });
    await print(validation, flags, world);
    return { pass: exits.pass, fail: exits.fail, skipped: exits.unknown }[validation.outcome];
  } catch (error) {
    if (listening.exitCode === null) throw error;
    return listening.exitCode;
  }
}

function asked(config: Config, { allowRemote, quiet }: Flags, { stderr }: World) {
  const say = (step: string) => void (quiet || stderr.write(`outlast: ${step}\n`));
  return { config, allowRemote: allowRemote === true, say };
}

async function print(
  validation: Awaited<ReturnType<App['validate']>>,
  { json }: Flags,
  world: World,
): Promise<void> {
  const { validationJson, validationText } = await import('../../report/index.js');
  const { stdout } = world;
  if (json) stdout.write(validationJson(validation));
  else stdout.write(`\n${validationText(validation, lookOf(stdout, world))}`);
}
