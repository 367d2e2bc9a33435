import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/history/events.js';
import { arrives, loses, told, restarts, type Telling } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { around, comesBack, signsIn, turnedAway } from './around.js';

const id = 'not-expired';
const said = (...events: readonly Telling[]) => whole(around(...events), id);

describe('not-expired', () => {
  it('tells whose tokens were refused as expired, and shows with what they came', () => {
    const story = [
      signsIn(100, '1', { expiresInMs: 950 }),
      signsIn(100, '2', { expiresInMs: 950 }),
      turnedAway(1_200, '1'),
      turnedAway(1_300, '2'),
    ];
    expect(said(story)).toEqual({
      is: 'fail',
      says: 'The tokens of sessions 1 and 2 were refused as expired, or before their time',
      figures: { tokens: 0, stillborn: 0, expired: 2 },
      shows: 'connect@1200 s1, refused@1201 s1, connect@1300 s2, refused@1301 s2',
      blames: 'session 1, session 2',
    });
  });

  it('tells both of what was issued expired and of what was refused, and shows what was issued first', () => {
    const story = [
      signsIn(100, '1', { expiresInMs: 0 }),
      signsIn(100, '2'),
      turnedAway(1_200, '2', { reason: 'jwt expired' }),
    ];
    expect(said(story)).toEqual({
      is: 'fail',
      says: 'The token of session 2 was refused as expired, or before its time; the token of session 1 was issued already expired',
      figures: { tokens: 0, stillborn: 1, expired: 1 },
      shows: 'sign-in@100 s1, connect@1200 s2, refused@1201 s2',
      blames: 'session 1, session 2',
    });
  });

  it.each([
    ['a token that lives for a moment', signsIn(100, '1', { expiresInMs: 1 }), 0],
    ['a token that lives for no moment', signsIn(100, '1', { expiresInMs: 0 }), 1],
    ['a token that does not say for how long it lives', signsIn(100, '1'), 0],
    ['a sign-in that failed', signsIn(100, '1', { ok: false, expiresInMs: 0 }), 0],
    ['a token of an auditor', signsIn(100, '90', { expiresInMs: 0 }), 0],
  ])('asks how long tokens live that residents were given: %s', (_, event, stillborn) => {
    expect(said(event, comesBack('2')).figures).toEqual({ tokens: 1, stillborn, expired: 0 });
  });

  describe('takes a refusal to be about expiry', () => {
    const expired = (...events: readonly Telling[]) => said(...events).figures['expired'];

    it('from the moment on at which the token expires', () => {
      expect(expired(signsIn(100, '1', { expiresInMs: 1_101 }), turnedAway(1_200, '1'))).toBe(1);
      expect(expired(signsIn(100, '1', { expiresInMs: 1_101.1 }), turnedAway(1_200, '1'))).toBe(0);
    });

    it('where the token is from since the restart began, and from no other', () => {
      expect(expired(signsIn(1_000, '1'), turnedAway(1_200, '1'))).toBe(1);
      expect(expired(signsIn(999, '1'), turnedAway(1_200, '1'))).toBe(0);
    });

    it('only where it is told which token it was', () => {
      const nameless: readonly Event[] = [
        { t: 1_200, session: '1', conn: 2, kind: 'connect', door: 'ws' },
        {
          ...{ t: 1_201, session: '1', conn: 2, kind: 'refused', at: 'handshake', status: 401 },
          reason: 'token expired',
        },
      ];
      expect(expired(nameless)).toBe(0);
    });

    it.each([
      ['jwt expired', 1],
      ['Token EXPIRED at noon', 1],
      ['token is not yet valid', 1],
      ['the key is not yet active', 1],
      ['nbf claim check failed', 1],
      ['not yet', 0],
      ['an unexpired session', 0],
      ['nbfx', 0],
      ['invalid or expired token', 0],
      ['INVALID token, expired', 0],
      ['invalidated: expired', 1],
    ])('where the service says so: %s', (reason, is) => {
      expect(expired(signsIn(100, '1'), turnedAway(1_200, '1', { reason }))).toBe(is);
    });
  });

  describe('counts a session that came back with a token', () => {
    const passed = (...events: readonly Telling[]) => said(comesBack('2'), ...events).figures['tokens'];

    it('where it was let in since the restart began', () => {
      expect(said(comesBack('2'))).toEqual({
        is: 'pass',
        says: '1 session came back with a token, and none was refused as expired',
        figures: { tokens: 1, stillborn: 0, expired: 0 },
        shows: '',
        blames: '',
      });
      expect(passed(arrives(996, '1', { token: 's1' }))).toBe(1);
      expect(passed(arrives(997, '1', { token: 's1' }))).toBe(2);
    });

    it('where it was let in at all, and showed one', () => {
      expect(passed(arrives(1_200, '1'))).toBe(1);
      expect(passed({ t: 1_200, session: '1', conn: 1, kind: 'connect', door: 'ws', token: 's1' })).toBe(1);
      // How it came there is not told.
      expect(passed({ t: 1_203, session: '1', conn: 1, kind: 'ready', claims: 'unstated' })).toBe(1);
    });

    it('where it is a resident, whoever else came', () => {
      expect(passed(arrives(1_200, '90', { token: 's90' }))).toBe(1);
    });
  });

  describe('where nobody showed a token after the restart', () => {
    const nobodyShowed = {
      is: 'unknown',
      says: 'No session showed a token after the restart',
      figures: { tokens: 0, stillborn: 0, expired: 0 },
    };

    it('passes where all stayed connected', () => {
      expect(said(arrives(100, '1'), arrives(100, '2'))).toEqual({
        is: 'pass',
        says: 'No session lost its connection, so none had to show its token again',
        figures: { tokens: 0, stillborn: 0, expired: 0 },
        shows: '',
        blames: '',
      });
    });

    it('is unknown where one of them did not, or nobody was there', () => {
      expect(said(arrives(100, '1'), arrives(100, '2'), loses(1_010, '2'))).toMatchObject(nobodyShowed);
      expect(said()).toMatchObject(nobodyShowed);
    });

    it('is unknown where the restart is not proved', () => {
      const same = restarts(1_000, 1_100).map((event) => ({ ...event, instance: 'old' }));
      expect(whole(told({}, same, arrives(100, '1')), id)).toMatchObject(nobodyShowed);
    });
  });
});
