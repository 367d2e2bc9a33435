import type { Output, World } from './world.js';

/** Does this output go to a terminal that takes colours, and lines away? */
export const isTerminal = ({ isTTY }: Pick<Output, 'isTTY'>, environment: World['environment']): boolean =>
  isTTY && environment['TERM'] !== 'dumb';

/** What takes so many lines away that were printed last. */
export const takingAway = (lines: number): string => `\u001b[${lines}A\u001b[0J`;
