import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/history/events.js';
import { rollout as right } from '../../stories.js';
import { changing, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const id = 'idle-time-out';

/** After the canaries these are closed by what stands between, each after so long; the others are not seen to leave, or late. */
const closing = (after: Readonly<Record<string, number>>, othersLeave = false): Told =>
  changing(right, (event): Event | Event[] => {
    if (event.kind !== 'close' || event.t < right.at.settle) return event;
    const ms = after[event.session];
    if (ms === undefined) return othersLeave ? event : [];
    const { session, conn } = event;
    const its = conn === undefined ? {} : { conn };
    return { t: right.at.settle + ms, session, ...its, kind: 'close', by: 'network' };
  });

describe('idle-time-out', () => {
  it('tells about how long the time-out is and whom it met, shows four of them and blames all', () => {
    expect(whole(closing({ 4: 700, 8: 701, 12: 702, 16: 703, 20: 704 }), id)).toEqual({
      is: 'fail',
      says: 'The connections of sessions 4, 8, 12 and 2 more were closed after about 690 ms in which nothing was said, while their instances were not being restarted: an idle time-out of what stands between, and not the restart',
      figures: { timedOut: 5, unexplained: 0, longestOutlivedMs: 378.16, idleMs: 689.8 },
      shows:
        'receive@2512.2 s4 3.10, close@3200 s4, receive@2512.2 s8 7.9, close@3201 s8, receive@2512.2 s12 11.10, close@3202 s12, receive@2512.2 s16 15.10, close@3203 s16',
      blames: 'session 4, session 8, session 12, session 16, session 20',
    });
  });

  it('passes what outlived a silence, and tells of other closes that nothing explains', () => {
    expect(whole(right, id)).toEqual({
      is: 'pass',
      says: 'No connection was closed for being quiet, and one outlived a silence of 1.98 s',
      figures: { timedOut: 0, unexplained: 0, longestOutlivedMs: 1977.9 },
      shows: '',
      blames: '',
    });
    expect(whole(closing({ 4: 700 }, true), id)).toEqual({
      is: 'pass',
      says: 'No connection was closed for being quiet, and one outlived a silence of 1.98 s; 1 connection was closed with no restart of its instance near, after no silence in common',
      figures: { timedOut: 0, unexplained: 1, longestOutlivedMs: 1977.9 },
      shows: 'receive@2512.2 s4 3.10, close@3200 s4',
      blames: '',
    });
    expect(whole(closing({ 4: 700, 8: 900 }, true), id)).toEqual({
      is: 'pass',
      says: 'No connection was closed for being quiet, and one outlived a silence of 1.98 s; 2 connections were closed with no restart of their instance near, after no silence in common',
      figures: { timedOut: 0, unexplained: 2, longestOutlivedMs: 1977.9 },
      shows: 'receive@2512.2 s4 3.10, close@3200 s4, receive@2512.2 s8 7.9, close@3400 s8',
      blames: '',
    });
  });

  it('is unknown where no connection was quiet for long enough, whatever else was closed', () => {
    expect(whole(closing({ 4: 300 }), id)).toEqual({
      is: 'unknown',
      says: 'No connection was ever quiet for 500 ms; 1 connection was closed with no restart of its instance near, after no silence in common',
      figures: { timedOut: 0, unexplained: 1, longestOutlivedMs: 378.16 },
      shows: '',
      blames: '',
    });
  });

  it('takes a silence of half a second for one', () => {
    const leaving = (ms: number) =>
      changing(right, (event) => {
        if (event.kind !== 'close' || event.t < right.at.settle) return event;
        return event.session === '4' ? { ...event, t: lastHeard + ms } : [];
      });
    expect(whole(leaving(500), id)).toMatchObject({ is: 'pass' });
    expect(whole(leaving(499), id)).toMatchObject({ is: 'unknown' });
  });
});

/** When session 4 last heard something. */
const lastHeard = Math.max(
  ...right.events.map((event) =>
    'session' in event && event.session === '4' && event.kind === 'receive' ? event.t : 0,
  ),
);
