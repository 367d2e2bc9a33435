import type { Command } from 'commander';
import type { App, TestId } from '../../app/port.js';
import { OutlastError } from '../../base/errors.js';
import { exitOfError, exitOfVerdict, worst } from '../exit.js';
import { onlyOption, withShowFlags, type ShowFlags } from '../flags.js';
import { showJudging, type Judging } from '../judging.js';
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
  const showing = (one: readonly string[]) => showJudging(world, one, { quiet: flags.quiet === true });
  // Before anything is loaded: there is an answer at once.
  let live = showing(paths);
  try {
    const app = await world.app();
    const codes: number[] = [];
    for (const [index, history] of (await historiesIn(paths, flags, app)).entries()) {
      if (index > 0) live = showing(history);
      codes.push(await judgeOne(history, flags, { app, world, live }));
    }
    return worst(codes);
  } finally {
    live.end();
  }
}

async function historiesIn(paths: readonly string[], { out }: Flags, app: App) {
  // What is read from a pipe can be read once only.
  const histories = paths.length < 2 ? [paths] : await app.together(paths);
  if (out === undefined || histories.length < 2) return histories;
  throw new OutlastError(
    'USAGE',
    `expected one history with --out; got ${histories.length}. Judge them one by one`,
  );
}

interface Around {
  readonly app: App;
  readonly world: World;
  readonly live: Judging;
}

/** Of several, one that cannot be read does not keep the others from being judged. */
async function judgeOne(
  paths: readonly string[],
  flags: Flags,
  { app, world, live }: Around,
): Promise<number> {
  const { only, out } = flags;
  try {
    const read = (share: number) => live.read(share);
    const result = await app.judge(paths, { ...(only && { only }), ...(out !== undefined && { out }), read });
    live.end();
    const { show } = await import('../show.js');
    show(result, flags, world);
    return exitOfVerdict(result.verdict, false);
  } catch (error) {
    live.end();
    printError(error, world);
    return exitOfError(error);
  }
}
