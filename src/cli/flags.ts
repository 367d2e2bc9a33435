import { InvalidArgumentError, Option, type Command } from 'commander';
import { testIds, type TestId } from '../app/port.js';
import { didYouMean } from '../base/spelling.js';

export const reporters = ['terminal', 'json', 'junit'] as const;
export type Reporter = (typeof reporters)[number];

/** What every command that ends in a verdict understands. */
export interface ShowFlags {
  readonly reporter: readonly Reporter[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What every command that makes a run understands. */
export interface RunFlags extends ShowFlags {
  readonly only?: readonly TestId[];
  readonly sessions?: number;
  readonly restarts?: number;
  readonly seed?: string;
  readonly out?: string;
}

export function withShowFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--reporter <list>', `what is printed, with commas: ${reporters.join(', ')}`)
        .argParser((value) => listOf(value, reporters, 'reporter'))
        .default(['terminal'], 'terminal'),
    )
    .addOption(new Option('--json', 'print the verdict as JSON on standard output').conflicts('reporter'))
    .option('-q, --quiet', 'show no progress');
}

export function withRunFlags(command: Command): Command {
  return withShowFlags(command.addOption(onlyOption()))
    .option('--sessions <number>', 'how many sessions (2 or more)', sessionCount)
    .option(
      '--restarts <number>',
      'how often it is disrupted, one after the other (default: 1)',
      restartCount,
    )
    .option('--seed <text>', 'repeat the random choices of another run')
    .option('--out <folder>', 'the run directory itself (default: outlast-runs/<time>-<id>)');
}

export const onlyOption = (): Option =>
  new Option('--only <tests>', `judge only these, with commas: ${testIds.join(', ')}`).argParser((value) =>
    listOf(value, testIds, 'test'),
  );

/** The names in `a,b`, each one of `known`. */
export function listOf<Name extends string>(value: string, known: readonly Name[], what: string): Name[] {
  const names = value.split(',').map((name) => name.trim());
  return names.map((name) => {
    const found = known.find((one) => one === name);
    if (found !== undefined) return found;
    const hint = didYouMean(name, known);
    throw new InvalidArgumentError(
      `There is no ${what} '${name}'.${hint || ` Known are: ${known.join(', ')}.`}`,
    );
  });
}

export const sessionCount = wholeNumber(2, 100_000);

/** More in one run would take an hour: many at random moments are a sweep. */
const restartCount = wholeNumber(1, 100, ' For more, at random moments, there is `outlast sweep`.');

/** Reads a count within these bounds; `more` is said to who gives another. */
export function wholeNumber(least: number, most: number, more = ''): (value: string) => number {
  return (value) => {
    const count = Number(value);
    if (Number.isInteger(count) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.${more}`);
  };
}
