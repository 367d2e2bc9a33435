import type { Command } from 'commander';
import type { App, TestId } from '../../app/port.js';
import { OutlastError } from '../../base/errors.js';
import { exitOfError, exitOfVerdict, worst } from '../exit.js';
import { onlyOption, withShowFlags, type ShowFlags } from '../flags.js';
import { printError } from '../print-error.js';
import type { Perform, World } from '../world.js';

interface Flags extends ShowFlags {
  readonly only?: readonly TestId[];
  readonly out?: string;
}

/** `outlast judge`: histories judged again, by default that of the latest run. */
export function declareJudge(program: Command, perform: Perform): void {
  withShowFlags(
    program
      .command('judge')
      .description('judge a history again, to the same verdict')
      .argument(
        '[path...]',
        'histories or run directories (default: the latest run); files of one run are judged as one',
      ),
  )
    .addOption(onlyOption())
    .option('--out <folder>', 'where the verdict is written (default: beside the history)')
    .action((paths: readonly string[], flags: Flags) => perform((world) => judge(paths, flags, world)));
}

async function judge(paths: readonly string[], flags: Flags, world: World): Promise<number> {
  const app = await world.app();
  // What is read from a pipe can be read once only.
  const histories = paths.length < 2 ? [paths] : await app.together(paths);
  if (flags.out !== undefined && histories.length > 1) {
    throw new OutlastError(
      'USAGE',
      `expected one history with --out; got ${histories.length}. Judge them one by one`,
    );
  }
  const codes: number[] = [];
  for (const history of histories) codes.push(await judgeOne(history, flags, app, world));
  return worst(codes);
}

/** Of several, one that cannot be read does not keep the others from being judged. */
async function judgeOne(paths: readonly string[], flags: Flags, app: App, world: World): Promise<number> {
  const { only, out } = flags;
  try {
    const result = await app.judge(paths, { ...(only && { only }), ...(out !== undefined && { out }) });
    const { show } = await import('../show.js');
    show(result, flags, world);
    return exitOfVerdict(result.verdict, false);
  } catch (error) {
    printError(error, world);
    return exitOfError(error);
  }
}
