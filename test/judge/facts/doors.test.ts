import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { doors, isDefinite } from '../../../src/judge/facts/doors.js';
import { viewOf } from './view-of.js';

const signIn = (t: number, more: Partial<EventOf<'sign-in'>> = {}): EventOf<'sign-in'> => ({
  ...{ t, session: '1', kind: 'sign-in', how: 'first', ok: true, token: 'a', expiresInMs: 1_000 },
  ...more,
});
const view = (...events: Event[]) => viewOf(doors, events);

describe('what was tried at the doors', () => {
  it('is kept in its order, as are the sign-ins', () => {
    const about = {
      session: '1',
      kind: 'door',
      credential: 'good',
      token: 'a',
      door: 'ws',
      via: 'connect',
    } as const;
    const knocks: Event[] = [
      { t: 1, ...about, let: 'in' },
      { t: 2, ...about, let: 'out' },
    ];
    const signIns = [signIn(3), signIn(4, { ok: false })];
    expect(view(...knocks, ...signIns)).toMatchObject({ knocks, signIns });
  });

  it('tells when a token was revoked, and when it was revoked last', () => {
    const { revokedAt } = view(
      { t: 1, session: '1', kind: 'revoked', token: 'a' },
      { t: 2, session: '1', kind: 'revoked', token: 'b' },
      { t: 3, session: '1', kind: 'revoked', token: 'a' },
    );
    expect(revokedAt).toEqual(
      new Map([
        ['a', 3],
        ['b', 2],
      ]),
    );
  });

  it('tells when tokens expire, by the clock of the history', () => {
    const { expiresAt } = view(signIn(5), signIn(7, { token: 'b', expiresInMs: 20 }));
    expect(expiresAt).toEqual(
      new Map([
        ['a', 1_005],
        ['b', 27],
      ]),
    );
  });

  it('does not tell when a token expires that came by no sign-in, or that does not say', () => {
    const { token: _, ...withoutToken } = signIn(1);
    const { expiresInMs: __, ...withoutTime } = signIn(2);
    expect(view(signIn(0, { ok: false }), withoutToken, withoutTime).expiresAt).toEqual(new Map());
  });
});

describe('a definite no', () => {
  it.each([401, 403, 4401])('is %i', (status) => {
    expect(isDefinite(status)).toBe(true);
  });

  it.each([undefined, 200, 400, 404, 429, 503, 1013, 4400])('is not %s', (status) => {
    expect(isDefinite(status)).toBe(false);
  });
});
