import type { Command } from 'commander';
import { OutlastError } from '../../base/errors.js';
import { checks, explain } from '../../report/index.js';
import { lookOf } from '../look.js';
import type { Perform, World } from '../world.js';

/** `outlast explain`: what a check, a test or an error code means. */
export function declareExplain(program: Command, perform: Perform): void {
  program
    .command('explain')
    .description('what a check, a test or an error code means')
    .argument('[word]', 'its name (default: a list of all checks)')
    .action((word: string | undefined) => perform(async (world) => explainWord(word, world)));
}

function explainWord(word: string | undefined, world: World): number {
  const { found, text } = explain(word, checks, lookOf(world.stdout, world));
  if (!found) throw new OutlastError('USAGE', text);
  world.stdout.write(text);
  return 0;
}
