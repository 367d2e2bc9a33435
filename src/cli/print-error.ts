import { messageOf, OutlastError } from '../base/errors.js';
import { printable } from '../base/printable.js';
import type { World } from './world.js';

/** An error for people: what is wrong, its details, its code. A stack only under OUTLAST_DEBUG=1. */
export function printError(
  error: unknown,
  { stderr, environment }: Pick<World, 'stderr' | 'environment'>,
): void {
  const known = error instanceof OutlastError;
  const code = known ? error.code : 'INTERNAL';
  const message = known ? error.message : `something went wrong inside Outlast: ${messageOf(error)}`;
  const lines = [
    `outlast: ${printable(message, 2_000)}`,
    ...(known ? error.details.map((line) => `  ${printable(line, 500)}`) : []),
    whereToRead(code),
  ];
  if (environment['OUTLAST_DEBUG'] === '1') lines.push(...stacks(error));
  stderr.write(`${lines.join('\n')}\n`);
}

/** `(PORT_IN_USE; see docs/errors.md#port_in_use, or: outlast explain PORT_IN_USE)` */
export const whereToRead = (code: string): string =>
  `(${code}; see docs/errors.md#${code.toLowerCase()}, or: outlast explain ${code})`;

function stacks(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? '').split('\n').map((line) => printable(line, 500));
  return error.cause === undefined ? own : [...own, 'caused by', ...stacks(error.cause)];
}
