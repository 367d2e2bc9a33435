import { describe, expect, it } from 'vitest';
import { arrives, loses, reading, restarts, says } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { restarted } from '../restarted.js';

const id = 'recovery';
const back = (session: string, t: number) => [
  arrives(100, session, { instance: 'old' }),
  loses(1_010, session),
  arrives(t, session, { conn: 2, instance: 'new' }),
];

describe('recovery', () => {
  it('counts those who said nothing after their return, and what it costs to read the log', () => {
    const story = restarted(
      {},
      back('1', 1_110),
      back('2', 1_120),
      says(1_500, '2', 1, { conn: 2, ackAt: 1_530 }),
      reading(2_500, 'after', []),
    );
    expect(whole(story, id)).toEqual({
      is: 'pass',
      says: 'Recovery took 143 ms at most (may take 10 s)',
      figures: {
        ...{ n: 2, medianMs: 103, maxMs: 143, budgetMs: 10_000 },
        ...{ withoutRoundTrip: 1, readMedianMs: 2, readMaxMs: 2 },
      },
      shows: 'close@1010 s2, ready@1123 s2, written@1500 s2 2.1, ack@1530 s2 2.1',
      blames: '',
    });
  });

  it('measures nothing where nobody came back', () => {
    const story = restarted({}, arrives(100, '1', { instance: 'old' }), loses(1_010, '1'));
    expect(whole(story, id)).toMatchObject({
      is: 'unknown',
      says: 'None of 1 session that lost the connection came back',
      figures: {},
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
