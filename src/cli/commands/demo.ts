import { Option, type Command } from 'commander';
import type { App, Expected, RunResult } from '../../app/port.js';
import { withRunFlags, type RunFlags } from '../flags.js';
import type { Perform, World } from '../world.js';

interface Flags extends RunFlags {
  readonly crash?: boolean;
  readonly both?: boolean;
  readonly rolling?: boolean;
  readonly break?: string;
  readonly listBreaks?: boolean;
}

/** `outlast demo`: the reference service, whole or with one part broken, judged. */
export function declareDemo(program: Command, perform: Perform): void {
  withRunFlags(program.command('demo').description('judge the reference service: see what Outlast does'))
    .option('--crash', 'SIGKILL instead of SIGTERM')
    .option('--both', 'restart auth as well as the backend')
    .addOption(
      new Option('--rolling', 'two backends behind a balancer, restarted one after the other').conflicts([
        'crash',
        'both',
      ]),
    )
    .option('--break <name,…>', 'swap one part of the service, or several, for a broken one')
    .addOption(new Option('--list-breaks', 'list the broken parts').conflicts('break'))
    .action((flags: Flags) => perform((world) => demo(flags, world)));
}

async function demo(flags: Flags, world: World): Promise<number> {
  const app = await world.app();
  return flags.listBreaks ? listBreaks(app, world) : judgeDemo(flags, app, world);
}

async function listBreaks(app: App, { stdout }: World): Promise<number> {
  const variants = await app.variants();
  const wide = Math.max(0, ...variants.map(({ name }) => name.length));
  for (const { name, title } of variants) stdout.write(`${name.padEnd(wide)}  ${title}\n`);
  return 0;
}

async function judgeDemo(flags: Flags, app: App, world: World): Promise<number> {
  const { config, say, expected } = await app.demo({
    crash: flags.crash === true,
    both: flags.both === true,
    rolling: flags.rolling === true,
    ...(flags.restarts !== undefined && { restarts: flags.restarts }),
    ...(flags.break !== undefined && { variant: flags.break }),
  });
  if (!flags.quiet) for (const line of say) world.stderr.write(`outlast: ${line}\n`);
  const { conduct } = await import('../conduct.js');
  const remarks = expected && (await remarksOn(expected));
  const asked = { config, flags, allowRemote: false, required: false };
  return conduct({ ...asked, ...(remarks && { remarks }) }, app, world);
}

/** What the manifest of broken parts says of this one, and whether that is what came. */
async function remarksOn(expected: Expected) {
  const { compareWithExpected } = await import('../../report/index.js');
  return ({ verdict }: RunResult): readonly string[] => {
    const differences = compareWithExpected(verdict, expected);
    if (differences.length > 0) return ['This is not what the manifest says:', ...differences];
    const { fails } = expected;
    return [`As the manifest says: ${fails.length === 0 ? 'nothing fails' : fails.join(', ')}.`];
  };
}
