import type { EventOf } from '../../../src/history/events.js';
import { restarts, told, type Setting, type Telling } from '../derived/telling.js';
import type { Told } from '../story.js';

export const settles: EventOf<'phase'> = { t: 2_000, kind: 'phase', phase: 'settle' };
export const ends: EventOf<'end'> = { t: 3_000, kind: 'end', how: 'completed' };

/** A restart from 1,000 ms (signal 1,001) to 1,100, which is proved; all is settled from 2,000 on, and the run ends at 3,000. */
export const restarted = (setting: Setting, ...events: readonly Telling[]): Told =>
  told(setting, restarts(1_000, 1_100), settles, ends, events);
