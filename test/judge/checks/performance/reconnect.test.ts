import { describe, expect, it } from 'vitest';
import { arrives, fails, loses, restarts } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { restarted } from '../restarted.js';

const id = 'reconnect';

describe('reconnect', () => {
  it('tells the longest of each part over all sessions, whichever had it', () => {
    const story = restarted(
      {},
      ['1', '2', '3'].map((session) => arrives(100, session, { instance: 'old' })),
      // The first waits for the service, the second for itself, and the third is kept waiting by an attempt.
      [loses(1_010, '1'), arrives(1_110, '1', { conn: 2, instance: 'new' })],
      [loses(1_020, '2'), arrives(1_420, '2', { conn: 2, instance: 'new' })],
      [loses(1_090, '3'), fails(1_105, '3', 2, 45), arrives(1_155, '3', { conn: 3, instance: 'new' })],
    );
    expect(whole(story, id)).toMatchObject({
      is: 'pass',
      says: 'A reconnect took 103 ms at the median, 403 ms at most (may take 10 s)',
      figures: {
        ...{ n: 3, medianMs: 103, maxMs: 403 },
        ...{ downMs: 90, waitingMs: 320, handshakeMs: 46, joinedMs: 2 },
        ...{ peakPerSecond: 4, mostInStep: 2 },
      },
    });
  });

  it('measures no part where nobody came back', () => {
    const story = restarted({}, arrives(100, '1', { instance: 'old' }), loses(1_010, '1'));
    expect(whole(story, id)).toEqual({
      is: 'unknown',
      says: 'None of 1 session that lost the connection came back',
      figures: {},
      shows: '',
      blames: 'session 1',
    });
  });

  it('is not known of a second restart from which nobody came back', () => {
    const first = [loses(1_010, '1'), arrives(1_110, '1', { conn: 2, instance: 'new' })];
    const second = [restarts(1_400, 1_500, { disruption: 1, instance: 'new' }), loses(1_410, '1', 2)];
    const story = restarted({}, arrives(100, '1', { instance: 'old' }), first, second);
    expect(whole(story, id)).toMatchObject({
      is: 'unknown',
      says: 'None of 1 session that lost the connection by disruption 2 came back',
    });
  });
});
