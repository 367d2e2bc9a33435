import { streamed } from './answers.js';
import { availabilities } from './availability.js';
import { delivery } from './delivery.js';
import { records } from './records.js';
import { returning } from './returning.js';
import { seen } from './seen.js';
import { sessions } from './session.js';
import { tokens } from './token.js';
import type { Oracle } from './reading.js';

/** By check: what it ought to say. */
export const oracles: Readonly<Record<string, Oracle>> = {
  ...availabilities,
  ...delivery,
  ...records,
  ...returning,
  ...seen,
  ...sessions,
  ...streamed,
  ...tokens,
};
