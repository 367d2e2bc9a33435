import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../../src/history/events.js';
import { right, unnoticed } from '../../stories.js';
import { adding, changing, find, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const { signal, ready } = right.at;

type SignIn = EventOf<'sign-in'>;
const signing = (change: (event: SignIn) => Partial<SignIn>, told: Told = right) =>
  changing(told, (event) => (event.kind === 'sign-in' ? { ...event, ...change(event) } : event));
/** The return of a session after the restart is refused first. */
const refusing = (session: string, how: Partial<EventOf<'refused'>>, told: Told = right) => {
  const { t, conn } = find(told, 'connect', (event) => event.t > ready && event.session === session);
  return adding(told, {
    t: t + 0.005,
    session,
    ...(conn === undefined ? {} : { conn }),
    kind: 'refused',
    at: 'handshake',
    status: 401,
    ...how,
  });
};

describe('not-expired', () => {
  const id = 'not-expired';

  it('speaks of one as of one, and of several as of several', () => {
    expect(whole(refusing('2', { reason: 'jwt expired' }), id)).toEqual({
      is: 'fail',
      says: 'The token of session 2 was refused as expired, or before its time',
      figures: { tokens: 8, stillborn: 0, expired: 1 },
      shows: 'connect@1524 s2, refused@1524.005 s2',
      blames: 'session 2',
    });
    expect(
      whole(refusing('7', { reason: 'token not yet valid' }, refusing('2', { reason: 'EXPIRED token' })), id),
    ).toEqual({
      is: 'fail',
      says: 'The tokens of sessions 2 and 7 were refused as expired, or before their time',
      figures: { tokens: 8, stillborn: 0, expired: 2 },
      shows: 'connect@1524 s2, refused@1524.005 s2, connect@1528 s7, refused@1528.005 s7',
      blames: 'session 2, session 7',
    });
    expect(
      whole(
        signing(({ session }) => (session < '3' ? { expiresInMs: 0 } : {})),
        id,
      ),
    ).toEqual({
      is: 'fail',
      says: 'The tokens of sessions 1 and 2 were issued already expired',
      figures: { tokens: 8, stillborn: 3, expired: 0 },
      shows: 'sign-in@100 s1, sign-in@101 s2, sign-in@1621 s1',
      blames: 'session 1, session 2',
    });
  });

  it('blames who was refused as expired and who was given an expired one', () => {
    const both = refusing(
      '7',
      { reason: 'jwt expired' },
      signing(({ session }) => (session === '2' ? { expiresInMs: -1 } : {})),
    );
    expect(whole(both, id)).toEqual({
      is: 'fail',
      says: 'The token of session 7 was refused as expired, or before its time; the token of session 2 was issued already expired',
      figures: { tokens: 8, stillborn: 1, expired: 1 },
      shows: 'sign-in@101 s2, connect@1528 s7, refused@1528.005 s7',
      blames: 'session 2, session 7',
    });
  });

  it.each([
    ['jwt expired', true],
    ['token is not yet active', true],
    ['token not yet valid', true],
    ['nbf claim', true],
    ['unexpired', false],
    ['invalid or expired', false],
    ['token invalidated, expired', true],
    ['', false],
    [undefined, false],
  ])('takes "%s" for the word that it has expired: %s', (reason, isSo) => {
    expect(whole(refusing('2', reason === undefined ? {} : { reason }), id).figures).toMatchObject({
      expired: isSo ? 1 : 0,
    });
  });

  it('goes by the token itself where nothing is said: once it has expired, or where it was issued since', () => {
    const { t } = find(refusing('2', {}), 'refused', ({ session }) => session === '2');
    const issuedAt = find(right, 'sign-in', ({ session }) => session === '2').t;
    const expiring = (ms: number) =>
      signing(({ session }) => (session === '2' ? { expiresInMs: ms } : {}), refusing('2', {}));
    expect(whole(expiring(t - issuedAt), id).figures).toMatchObject({ expired: 1 });
    expect(whole(expiring(t - issuedAt + 0.5), id).figures).toMatchObject({ expired: 0 });
    const issued = signing(({ session }) => (session === '2' ? { t: signal + 1 } : {}), refusing('2', {}));
    expect(whole(issued, id).figures).toMatchObject({ expired: 1 });
    const unnamed = changing(issued, (event): Event => {
      if (event.kind !== 'connect') return event;
      const { token: _, ...connect } = event;
      return connect;
    });
    expect(whole(unnamed, id).figures).toMatchObject({ expired: 0 });
  });

  it('asks nothing of auditors, of failed sign-ins, or of those that tell no expiry', () => {
    expect(
      whole(
        signing(({ session }) => (session === '11' ? { expiresInMs: -1 } : {})),
        id,
      ).is,
    ).toBe('pass');
    expect(
      whole(
        signing(({ session }) => (session === '2' ? { expiresInMs: -1, ok: false } : {})),
        id,
      ).is,
    ).toBe('pass');
    const untold = changing(right, (event): Event => {
      if (event.kind !== 'sign-in') return event;
      const { expiresInMs: _, ...signIn } = event;
      return signIn;
    });
    expect(whole(untold, id).is).toBe('pass');
    expect(
      whole(
        signing(({ session }) => (session === '2' ? { expiresInMs: 1 } : {})),
        id,
      ),
    ).toMatchObject({ is: 'pass' });
  });

  it('counts sessions that got in with a token since the disruption', () => {
    const one = without(
      right,
      (event) => event.kind === 'ready' && event.t > signal && event.session !== '1',
    );
    expect(whole(one, id)).toEqual({
      is: 'pass',
      says: '1 session came back with a token, and none was refused as expired',
      figures: { tokens: 1, stillborn: 0, expired: 0 },
      shows: '',
      blames: '',
    });
    const auditor = without(right, (event) => event.kind === 'ready' && event.t > signal);
    const told = adding(auditor, { t: ready + 130.3, session: '11', kind: 'ready', claims: 'fresh' });
    expect(whole(told, id)).toEqual({
      is: 'unknown',
      says: 'No session showed a token after the restart',
      figures: { tokens: 0, stillborn: 0, expired: 0 },
      shows: '',
      blames: '',
    });
  });

  it('passes where nobody had to show it again, and not where somebody had, or nothing is proved', () => {
    const isAway = (event: Event) => 'session' in event && ['3', '8'].includes(event.session);
    const stayed = without(unnoticed, isAway);
    expect(whole(stayed, id)).toEqual({
      is: 'pass',
      says: 'No session lost its connection, so none had to show its token again',
      figures: { tokens: 0, stillborn: 0, expired: 0 },
      shows: '',
      blames: '',
    });
    const unproved = changing(stayed, (event) => {
      if (event.kind !== 'disruption') return event;
      return event.step === 'port-closed' ? [] : { ...event, instance: 'boot-1' };
    });
    expect(whole(unproved, id).is).toBe('unknown');
    const lost = without(right, (event) => event.kind === 'ready' && event.t > signal);
    expect(whole(lost, id).is).toBe('unknown');
    expect(
      whole(
        without(stayed, (event) => 'conn' in event),
        id,
      ).is,
    ).toBe('unknown');
  });
});

describe('refresh-works', () => {
  const id = 'refresh-works';
  const renewal = (t: number, session: string, more: Partial<SignIn> = {}): SignIn => ({
    t,
    session,
    kind: 'sign-in',
    how: 'refresh',
    ok: true,
    ...more,
  });

  it('says how each was refused once, shows four, and blames whose token it was', () => {
    const told = adding(
      right,
      renewal(signal + 10, '2', { ok: false, status: 401 }),
      renewal(ready + 125, '6', { ok: false, status: 400 }),
      renewal(ready + 126, '6', { ok: false, status: 401 }),
      renewal(ready + 127, '7', { ok: false, status: 403 }),
      renewal(ready + 128, '7', { ok: false, status: 403 }),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'The renewal of the tokens of sessions 2, 6 and 7 was refused since the restart (400, 401 and 403)',
      figures: { renewed: 1, refused: 5 },
      shows: 'sign-in@1311 s2, sign-in@1626 s6, sign-in@1627 s6, sign-in@1628 s7',
      blames: 'session 2, session 6, session 7',
    });
  });

  it('counts only what was renewed after the restart, and no refusal from before it', () => {
    const told = adding(
      right,
      renewal(500, '2', { ok: false, status: 401 }),
      renewal(600, '2'),
      renewal(signal + 10, '6'),
      renewal(ready + 200, '7'),
      renewal(ready + 201, '7', { ok: false, status: 404 }),
      { ...renewal(ready + 202, '6', { ok: false, status: 401 }), how: 'again' },
    );
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: '2 renewals after the restart, none refused since it began',
      figures: { renewed: 2, refused: 0 },
      shows: '',
      blames: '',
    });
  });
});

describe('secrets-hidden', () => {
  it('names each place once, and blames whom it was shown to', () => {
    const leak = (t: number, session: string, where: EventOf<'leak'>['where']): Event => ({
      t,
      session,
      conn: 2,
      kind: 'leak',
      where,
    });
    const told = adding(
      right,
      leak(1_600, '3', 'error'),
      leak(1_601, '3', 'close'),
      leak(1_602, '1', 'error'),
      leak(1_603, '2', 'frame'),
    );
    expect(whole(told, 'secrets-hidden')).toEqual({
      is: 'fail',
      says: 'The service showed a secret in errors and the reasons of closes to sessions 1 and 3',
      figures: { attempts: 19, shown: 3 },
      shows: 'leak@1600 s3, leak@1601 s3, leak@1602 s1',
      blames: 'session 3, session 1',
    });
  });
});
