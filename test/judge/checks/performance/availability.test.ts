import { describe, expect, it } from 'vitest';
import type { ContractChanges } from '../../../../src/contract/contracts.js';
import type { PlannedDisruption } from '../../../../src/history/events.js';
import { arrives, loses, says, type Setting, type Telling } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { restarted } from '../restarted.js';

const id = 'availability';
const said = (setting: Setting, ...events: readonly Telling[]) => whole(restarted(setting, ...events), id);

/** A session that is served until 900, not from 1,050 on, and again after so many ms; no sooner, as far as is known. */
const without = (session: string, ms: number): Telling => [
  arrives(100, session, { instance: 'old' }),
  loses(1_010, session),
  arrives(1_030, session, { conn: 2, instance: 'new' }),
  says(900, session, 1),
  says(1_050, session, 2, { conn: 2, ackAt: null }),
  says(1_050 + ms, session, 3, { conn: 2 }),
];
/** The same, and not served any more. */
const forGood = (session: string): Telling => [
  arrives(100, session, { instance: 'old' }),
  loses(1_010, session),
  says(900, session, 1),
  says(1_050, session, 2, { ackAt: null }),
  says(1_150, session, 3, { ackAt: null }),
];
const monthMs = 30 * 24 * 60 * 60 * 1_000;
/** A contract under which one restart may take so many ms of service; exactly, where that is a whole number. */
const allowing = (ms: number): { readonly contract: ContractChanges } => ({
  contract: { availability: { target: 0.5, restartsPerMonth: (monthMs * 0.5) / ms } },
});

describe('availability', () => {
  it('tells the longest downtime, for how many restarts a month that leaves room, and shows it', () => {
    const contract = { availability: { target: 0.99995 } };
    expect(said({ contract }, without('1', 100), without('2', 310), without('3', 200))).toEqual({
      is: 'pass',
      says: 'No session went without service for longer than 310 ms: 99.995 % a month leaves room for 418 such restarts',
      figures: { sessions: 3, medianMs: 200, maxMs: 310, deploysPerMonth: 418 },
      shows: 'send@1050 s2 2.2, send@1360 s2 2.3',
      blames: '',
    });
  });

  it('counts the last restart that just fits, at any target', () => {
    const deploys = (target: number) =>
      said({ contract: { availability: { target } } }, without('1', 200)).figures['deploysPerMonth'];
    expect([0.9, 0.99, 0.999, 0.9995, 0.9999, 0.99999].map(deploys)).toEqual([
      ...[1_296_000, 129_600, 12_960, 6_480, 1_296, 129],
    ]);
  });

  it('shows one of those who waited longest', () => {
    expect(said({}, without('1', 100), without('2', 300), without('3', 300)).shows).toBe(
      'send@1050 s2 2.2, send@1350 s2 2.3',
    );
  });

  it('shows it however fine the clock is', () => {
    expect(said({}, without('1', 300.00049)).shows).toBe('send@1050 s1 1.2, send@1350 s1 1.3');
  });

  it('says that all were served all the time, and then sets no limit', () => {
    const served = [arrives(100, '1', { instance: 'old' }), says(900, '1', 1), says(1_500, '1', 2)];
    expect(said({}, served)).toEqual({
      is: 'pass',
      says: 'No session went without service',
      figures: { sessions: 1, medianMs: 0, maxMs: 0 },
      shows: '',
      blames: '',
    });
  });

  describe('where it is not proved that there was service for long enough', () => {
    it('fails for those who were surely without it for too long, and shows three of them', () => {
      const surely = (session: string, ms: number): Telling => [
        without(session, ms),
        says(1_040 + ms, session, 4, { conn: 2, ackAt: null }),
      ];
      const told = [
        surely('1', 100),
        surely('2', 300),
        surely('3', 200),
        surely('4', 250),
        without('5', 300),
      ];
      const found = said(allowing(89), told);
      expect(found).toMatchObject({
        is: 'fail',
        figures: { sessions: 5, medianMs: 250, maxMs: 300, deploysPerMonth: 4_320_000 },
        shows:
          'send@1050 s1 1.2, send@1150 s1 1.3, send@1050 s2 2.2, send@1350 s2 2.3, send@1050 s3 3.2, send@1250 s3 3.3',
        blames: 'session 1, session 2, session 3, session 4',
      });
      expect(found.says).toMatch(
        /^sessions 1, 2, 3 and 4 went without service for up to 300 ms: [\d.]+ restarts a month leave room for 89 ms each$/,
      );
      expect(said(allowing(90), told).blames).toBe('session 2, session 3, session 4');
    });

    it('is unknown for those who may have been without it for too long', () => {
      expect(said(allowing(250), without('1', 100), without('2', 50), without('3', 200))).toEqual({
        is: 'unknown',
        says: 'The downtime of session 3 is not known well enough to be held against the error budget',
        figures: { sessions: 3, medianMs: 100, maxMs: 200, deploysPerMonth: 6_480_000 },
        shows: 'send@1050 s3 3.2, send@1250 s3 3.3',
        blames: 'session 3',
      });
      expect(said(allowing(249.9), without('1', 100)).is).toBe('unknown');
      expect(said(allowing(250), without('1', 100)).is).toBe('pass');
    });

    it('names first those for whom it never ended', () => {
      expect(said(allowing(200), without('1', 100), forGood('2'))).toEqual({
        is: 'unknown',
        says: 'session 2 was not served any more, so the downtime has no end that was seen',
        figures: { sessions: 2, medianMs: 100, maxMs: 100, deploysPerMonth: 12_960_000 },
        shows: 'send@1050 s1 1.2, send@1150 s1 1.3, send@1050 s2 2.2',
        blames: 'session 1, session 2',
      });
      expect(said(allowing(200), forGood('1'), forGood('2')).says).toBe(
        'sessions 1 and 2 were not served any more, so the downtime has no end that was seen',
      );
    });
  });

  describe('where nobody sent anything', () => {
    it('passes where the plan says that nothing disrupted holds connections', () => {
      const idle: PlannedDisruption = { type: 'restart', services: ['worker'], holdsConnections: false };
      expect(said({ disruptions: [idle] })).toEqual({
        is: 'pass',
        says: 'No session was connected to what was restarted',
        figures: { sessions: 0 },
        shows: '',
        blames: '',
      });
    });

    it('is unknown where it does', () => {
      expect(said({})).toEqual({
        is: 'unknown',
        says: 'No session sent anything around the restart, so no downtime can be measured',
        figures: {},
        shows: '',
        blames: '',
      });
    });
  });
});
