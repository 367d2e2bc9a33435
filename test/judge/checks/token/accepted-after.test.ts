import { describe, expect, it } from 'vitest';
import type { Telling } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { around, knocks, knocksAt, signsIn, turnedAway } from './around.js';

const id = 'accepted-after';
const out = { let: 'out' } as const;
const ofPast = [100, 200, 300, 400].map((t, index) => signsIn(t, String(index + 1)));

describe('accepted-after', () => {
  it('tells where a good token was refused, to whom and how, each once, and shows six knocks and three sessions', () => {
    const told = around(
      ofPast,
      knocksAt([900, 2_500], 'ws'),
      knocksAt([1_200, 1_210, 1_220, 1_230], 'ws', { ...out, session: '90' }),
      knocksAt([1_240, 1_250, 1_260], '/me', { ...out, session: '91', status: 403 }),
      ['1', '2', '3', '4'].map((session, index) => turnedAway(1_300 + index * 10, session)),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'A good token from before the restart was refused since (401 and 403) at ws and /me and when sessions 1, 2, 3 and 4 came back',
      figures: { doors: 1, refused: 7, sessionsRefused: 4 },
      shows:
        'door@1200 s90, door@1210 s90, door@1220 s90, door@1230 s90, door@1240 s91, door@1250 s91, connect@1300 s1, refused@1301 s1, connect@1310 s2, refused@1311 s2, connect@1320 s3, refused@1321 s3',
      blames: 'service ws, service /me, session 90, session 91, session 1, session 2, session 3, session 4',
    });
  });

  it('shows three of the sessions that were refused, where nobody knocked', () => {
    const told = around(
      ofPast,
      ['1', '2', '3', '4'].map((session, index) => turnedAway(1_300 + index * 10, session)),
    );
    expect(whole(told, id)).toMatchObject({
      says: 'A good token from before the restart was refused since (401) when sessions 1, 2, 3 and 4 came back',
      figures: { doors: 0, refused: 0, sessionsRefused: 4 },
      shows:
        'connect@1300 s1, refused@1301 s1, connect@1310 s2, refused@1311 s2, connect@1320 s3, refused@1321 s3',
      blames: 'session 1, session 2, session 3, session 4',
    });
  });

  it('names no status where the refusal had none', () => {
    const { status: _, ...silent } = knocks(1_200, 'ws', out);
    expect(whole(around(knocks(900, 'ws'), silent), id).says).toBe(
      'A good token from before the restart was refused since at ws',
    );
  });

  it('counts a refusal from the beginning of the restart on, and none before it', () => {
    const told = (t: number) => around(knocksAt([900, 2_500], 'ws'), knocks(t, 'ws', out));
    expect(whole(told(999.9), id)).toMatchObject({ is: 'pass', figures: { doors: 1, refused: 0 } });
    expect(whole(told(1_000), id)).toMatchObject({ is: 'fail', figures: { doors: 1, refused: 1 } });
  });

  it('asks only for doors that had let the token in before, each once', () => {
    const told = around(
      knocksAt([800, 900, 2_500], 'ws'),
      knocks(900, '/shut', out),
      knocks(900, '/dead', { let: 'no-answer' }),
      knocks(2_500, '/new'),
    );
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: 'The same token was let in before and after the restart at 1 door',
      figures: { doors: 1, refused: 0, sessionsRefused: 0 },
      shows: '',
      blames: '',
    });
  });

  it('knows nothing of a door where that very token was not let in again, and names each', () => {
    const told = around(
      knocks(900, 'ws', { token: 'one' }),
      knocks(900, '/me', { token: 'other' }),
      knocks(900, '/rooms', { token: 'one' }),
      knocks(900, '/users', { token: 'one' }),
      // At the wrong door, too early, and without an answer.
      knocks(2_500, '/me', { token: 'one' }),
      knocks(1_999, '/rooms', { token: 'one' }),
      knocks(2_500, '/users', { token: 'one', let: 'no-answer' }),
      knocks(2_500, 'ws', { token: 'one' }),
    );
    expect(whole(told, id)).toEqual({
      is: 'unknown',
      says: 'The token that was let in before was neither let in nor refused after the restart at /me, /rooms and /users',
      figures: { doors: 4, refused: 0, sessionsRefused: 0 },
      shows: '',
      blames: 'service /me, service /rooms, service /users',
    });
  });

  it('knows nothing where none was let in before', () => {
    expect(whole(around(knocks(2_500, 'ws')), id)).toEqual({
      is: 'unknown',
      says: 'No good token was let in before the restart',
      figures: { doors: 0, refused: 0, sessionsRefused: 0 },
      shows: '',
      blames: '',
    });
  });

  describe('counts a session that was refused', () => {
    const refused = (...events: readonly Telling[]) =>
      whole(around(knocksAt([900, 2_500], 'ws'), ...events), id).figures['sessionsRefused'];

    it('since the restart began, with a token from before it', () => {
      expect(refused(signsIn(100, '1'), turnedAway(998, '1'))).toBe(0);
      expect(refused(signsIn(100, '1'), turnedAway(999, '1'))).toBe(1);
      expect(refused(signsIn(1_000, '1'), turnedAway(1_200, '1'))).toBe(0);
    });

    it('while that was valid', () => {
      expect(refused(signsIn(100, '1', { expiresInMs: 1_000 }), turnedAway(1_200, '1'))).toBe(0);
      expect(refused(signsIn(100, '1', { expiresInMs: 2_000 }), turnedAway(1_200, '1'))).toBe(1);
    });

    it('where it is told which token it was', () => {
      const nameless = [
        { t: 1_200, session: '1', conn: 2, kind: 'connect', door: 'ws' },
        { t: 1_201, session: '1', conn: 2, kind: 'refused', at: 'handshake', status: 401 },
      ] as const;
      expect(refused(signsIn(100, '1'), nameless)).toBe(0);
    });
  });
});
