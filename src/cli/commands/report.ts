import { Option, type Command } from 'commander';
import { reporters, type Reporter } from '../flags.js';
import type { Perform, World } from '../world.js';

interface Flags {
  readonly format: Reporter;
}

/** `outlast report`: a verdict shown again, in another form. Nothing is written, and a shown verdict is a success. */
export function declareReport(program: Command, perform: Perform): void {
  program
    .command('report')
    .description('show the verdict of a run again (exit 0 whatever it says)')
    .argument('[path]', 'a history or a run directory (default: the latest run)')
    .addOption(new Option('--format <name>', 'the form').choices(reporters).default('terminal'))
    .action((path: string | undefined, flags: Flags) => perform((world) => report(path, flags, world)));
}

async function report(path: string | undefined, { format }: Flags, world: World): Promise<number> {
  const { forPeople, printed } = await import('../show.js');
  const app = await world.app();
  const result = await app.verdict(path);
  const { stdout } = world;
  if (format === 'terminal') stdout.write(`\n${forPeople(result, stdout, world)}\n`);
  else stdout.write(printed(format, result));
  return 0;
}
