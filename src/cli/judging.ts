import { printable } from '../base/printable.js';
import { isTerminal, takingAway } from './terminal.js';
import type { World } from './world.js';

/** Says that a history is being read, from the first moment: a large one takes a minute. */
export interface Judging {
  /** So much of it has been read, from 0 to 1. */
  read(share: number): void;
  /** Takes away what is only of interest meanwhile. */
  end(): void;
}

/** In a log, a line is enough for so long, in ms. */
const betweenLines = 10_000;
const betweenRedraws = 100;

/** On a terminal one line that is redrawn, and is gone in the end; elsewhere one at once, and more where it takes long; nothing when quiet. */
export function showJudging(
  { stderr, environment }: Pick<World, 'stderr' | 'environment'>,
  paths: readonly string[],
  { quiet, now = () => performance.now() }: { readonly quiet: boolean; readonly now?: () => number },
): Judging {
  if (quiet) return { read: () => undefined, end: () => undefined };
  const isRedrawn = isTerminal(stderr, environment);
  const what = `outlast: judging ${named(paths)}`;
  const clear = isRedrawn ? takingAway(1) : '';
  stderr.write(`${what}\n`);
  let [drawnAt, isOver] = [now(), false];
  return {
    read(share) {
      if (share >= 1 || now() - drawnAt < (isRedrawn ? betweenRedraws : betweenLines)) return;
      drawnAt = now();
      stderr.write(`${clear}${what}: ${Math.floor(share * 100)} % read\n`);
    },
    end() {
      if (isRedrawn && !isOver) stderr.write(clear);
      isOver = true;
    },
  };
}

/** Short enough for one line of most terminals. */
function named([first, ...others]: readonly string[]): string {
  if (first === undefined) return 'the latest run';
  return others.length === 0 ? printable(first, 50) : `${printable(first, 40)} and ${others.length} more`;
}
