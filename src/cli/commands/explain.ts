import type { Command } from 'commander';
import { OutlastError } from '../../base/errors.js';
import { lookOf } from '../look.js';
import type { Perform, World } from '../world.js';

/** `outlast explain`: what a check, a test or an error code means. */
export function declareExplain(program: Command, perform: Perform): void {
  program
    .command('explain')
    .description('what a check, a test or an error code means')
    .argument('[word]', 'its name (default: a list of all checks)')
    .action((word: string | undefined) => perform((world) => explainWord(word, world)));
}

async function explainWord(word: string | undefined, world: World): Promise<number> {
  const [{ catalogue }, { explain }] = await Promise.all([
    import('../../report/catalogue.js'),
    import('../../report/explain.js'),
  ]);
  const { found, text } = explain(word, catalogue, lookOf(world.stdout, world));
  if (!found) throw new OutlastError('USAGE', text);
  world.stdout.write(text);
  return 0;
}
