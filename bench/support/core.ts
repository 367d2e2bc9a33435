import { spawnSync } from 'node:child_process';

/** A core of its own for whoever measures, and another one for whoever serves. */
export type Core = 'measuring' | 'serving';

const numbers: Readonly<Record<Core, string>> = { measuring: '0', serving: '1' };

/**
 * What comes before a command to keep it on its core. A kernel may put the two sides of a conversation on one core, because the
 * one wakes the other, and leave the next core idle: it does so with one client and not with another, and the rate then tells
 * of that. Nothing where `taskset` is not there, or where there are not two cores.
 */
export function keptOn(core: Core): readonly string[] {
  return canBeKept() ? ['taskset', '-c', numbers[core]] : [];
}

let known: boolean | undefined;

export const canBeKept = (): boolean =>
  (known ??= Object.values(numbers).every(
    (number) => spawnSync('taskset', ['-c', number, 'true']).status === 0,
  ));
