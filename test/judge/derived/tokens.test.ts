import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../src/history/events.js';
import { goodKnocksOf, isValidAt, tokenRefusalsOf, trialsOf } from '../../../src/judge/derived/tokens.js';
import { result } from '../result.js';
import { adding, changing, find, under, type Told } from '../story.js';
import { right } from '../stories.js';
import { arrives, telling, type Setting, type Telling } from './telling.js';

const { ready, settle, end } = right.at;

type Knock = EventOf<'door'>;
const knocking = (from: Told, fits: (knock: Knock) => boolean, change: Partial<Knock>) =>
  changing(from, (event) => (event.kind === 'door' && fits(event) ? { ...event, ...change } : event));
const isGood = ({ credential }: Knock) => credential === 'good';
const refusals = (told: Told) => result(told, 'revoked-refused').figures['refused'];

describe('what the refusal of a bad token is worth', () => {
  it('is nothing where a good one got no answer, unless sessions were let in there', () => {
    const silent = knocking(right, (knock) => isGood(knock) && knock.t > settle, { let: 'no-answer' });
    expect(refusals(right)).toBe(6);
    expect(refusals(silent)).toBe(5);
  });

  it('stands where one good token was let in, whatever became of another', () => {
    const letIn = find(right, 'door', (knock) => isGood(knock) && knock.t > settle);
    for (const t of [letIn.t - 0.5, letIn.t + 0.5]) {
      expect(refusals(adding(right, { ...letIn, t, let: 'out', status: 401 }))).toBe(6);
    }
  });

  it('stands at an instance that had let a session in by then, and not before', () => {
    const isBadAtStart = ({ credential, via, t }: Knock) =>
      credential === 'revoked' && via === 'connect' && t > ready && t < settle;
    const elsewhere = knocking(right, isBadAtStart, { instance: 'another' });
    const since = (from: number) =>
      changing(elsewhere, (event) =>
        event.kind === 'open' && event.t > from ? { ...event, instance: 'another' } : event,
      );
    expect(refusals(since(ready))).toBe(6);
    expect(refusals(since(ready + 100))).toBe(5);
    expect(refusals(elsewhere)).toBe(5);
  });

  it('begins when the contract says that a revocation has taken effect', () => {
    const after = (revocationMs: number) =>
      result(under(right, exactlyOnce({ revocationMs })), 'revoked-refused').figures['tried'];
    expect(after(1)).toBe(6);
    expect(after(1.5)).toBe(4);
  });
});

describe('the refusal of a good token', () => {
  it('is none from the moment on at which it expires', () => {
    const { t } = find(right, 'sign-in', ({ token }) => token === 's11-1');
    const refused = knocking(right, (knock) => isGood(knock) && knock.t > settle, {
      let: 'out',
      status: 401,
    });
    const expiringAt = (at: number) =>
      changing(refused, (event) =>
        event.kind === 'sign-in' && event.token === 's11-1' ? { ...event, expiresInMs: at - t } : event,
      );
    expect(result(expiringAt(end - 400), 'accepted-after').outcome).toBe('unknown');
    expect(result(expiringAt(end - 399.9), 'accepted-after').outcome).toBe('fail');
  });

  const turnedAway = (change: Partial<EventOf<'refused'>>, token = 's2-1') => {
    const connect = find(right, 'connect', ({ t, session }) => t > ready && session === '2');
    const { t, session, conn } = connect;
    const other = changing(right, (event) => (event === connect ? { ...event, token } : event));
    const refused = { t: t + 0.005, session, kind: 'refused', at: 'handshake', status: 401 } as const;
    return adding(other, { ...refused, ...(conn === undefined ? {} : { conn }), ...change });
  };
  const turned = (told: Told) => result(told, 'accepted-after').figures['sessionsRefused'];

  it('is a definite no to the token itself, to a session that was there before', () => {
    expect([401, 403, 4401].map((status) => turned(turnedAway({ status })))).toEqual([1, 1, 1]);
    expect([400, 404, 503, 1013].map((status) => turned(turnedAway({ status })))).toEqual([0, 0, 0, 0]);
    expect(turned(turnedAway({ at: 'join' }))).toBe(0);
    const auditor = { session: '11', conn: 1 } as const;
    expect(turned(turnedAway(auditor, 's11-1'))).toBe(0);
  });

  it('is about its time when it was issued after the restart', () => {
    const issued: EventOf<'sign-in'> = {
      ...{ t: ready + 5, session: '2', kind: 'sign-in', how: 'refresh', ok: true },
      ...{ user: 'u2', token: 's2-2', expiresInMs: 900_000 },
    };
    const told = adding(turnedAway({}, 's2-2'), issued);
    expect(turned(told)).toBe(0);
    expect(result(told, 'not-expired').figures['expired']).toBe(1);
  });
});

describe('a knock with a token that belongs out', () => {
  const knock = (t: number, change: Partial<Knock> = {}): Knock => ({
    ...{ t, session: '9', kind: 'door', door: 'ws', via: 'connect', let: 'out', status: 401 },
    ...{ credential: 'tampered', token: 'bad' },
    ...change,
  });
  const good = (t: number, change: Partial<Knock> = {}) =>
    knock(t, { credential: 'good', token: 'g', let: 'in', status: 200, ...change });
  const proofs = (setting: Setting, ...events: readonly Telling[]) =>
    trialsOf(telling(setting, ...events)).map(({ proves }) => proves);
  const proves = (...events: readonly Telling[]) => proofs({}, ...events);
  const phase: Event = { t: 500, kind: 'phase', phase: 'settle' };
  const begin: Event = { t: 100, kind: 'disruption', disruption: 0, type: 'restart', step: 'begin' };

  it('proves that it was let in, whatever else', () => {
    expect(proves(knock(10, { let: 'in' }))).toEqual(['in']);
    expect(proves(knock(10, { let: 'in' }), good(20, { let: 'out' }))).toEqual(['in']);
  });

  it('proves a refusal where a good one was let in at that door in that interval', () => {
    expect(proves(good(10), knock(20))).toEqual(['refused']);
    expect(proves(good(20), knock(10))).toEqual(['refused']);
    expect(proves(good(10, { credential: 'refreshed' }), knock(20))).toEqual(['refused']);
    expect(proves(good(10, { door: '/me' }), knock(20))).toEqual(['nothing']);
    expect(proves(good(10, { let: 'out' }), knock(20))).toEqual(['nothing']);
    expect(proves(knock(20))).toEqual(['nothing']);
    expect(proves(good(10), knock(20, { let: 'no-answer' }))).toEqual(['nothing']);
    expect(proves(begin, phase, good(99), knock(100))).toEqual(['nothing']);
    expect(proves(begin, phase, good(100), knock(499))).toEqual(['refused']);
    expect(proves(begin, phase, good(499), knock(500))).toEqual(['nothing']);
  });

  it('is of the instance that let the good one in, where both are known', () => {
    const [a, b] = [{ instance: 'a' }, { instance: 'b' }];
    expect(proves(good(10, a), knock(20, a))).toEqual(['refused']);
    expect(proves(good(10, a), knock(20, b))).toEqual(['nothing']);
    expect(proves(good(10), knock(20, b))).toEqual(['refused']);
    expect(proves(good(10, a), knock(20))).toEqual(['refused']);
    expect(proves(good(10, { ...a, let: 'out' }), good(11, b), knock(20, b))).toEqual(['refused']);
    expect(proves(good(10, { ...b, let: 'out' }), good(11, a), knock(20, b))).toEqual(['nothing']);
    expect(proves(good(10, { ...b, let: 'out' }), good(11, a), knock(20))).toEqual(['refused']);
  });

  it('proves a refusal at an instance that had let a session in, where no good one was answered', () => {
    const session = arrives(10, '1', { instance: 'a' });
    expect(proves(session, knock(14, { instance: 'a' }))).toEqual(['refused']);
    expect(proves(session, knock(13, { instance: 'a' }))).toEqual(['nothing']);
    expect(proves(session, knock(14, { instance: 'b' }))).toEqual(['nothing']);
    expect(proves(session, knock(14))).toEqual(['nothing']);
    expect(proves(arrives(10, '1'), knock(14))).toEqual(['nothing']);
    expect(proves(session, knock(14, { instance: 'a', via: 'request' }))).toEqual(['nothing']);
    const silent = good(12, { let: 'no-answer', instance: 'a' });
    expect(proves(session, silent, knock(14, { instance: 'a' }))).toEqual(['refused']);
    const later = arrives(50, '2', { instance: 'a' });
    expect(proves(later, session, knock(14, { instance: 'a' }))).toEqual(['refused']);
    expect(proves(session, later, knock(14, { instance: 'a' }))).toEqual(['refused']);
    const unready = session.filter(({ kind }) => kind !== 'ready');
    expect(proves(unready, knock(14, { instance: 'a' }))).toEqual(['nothing']);
  });

  it('is due at once, and for a revoked token from when the contract says', () => {
    const revoked = (t: number) => knock(t, { credential: 'revoked' });
    const said: Event = { t: 50, session: '9', kind: 'revoked', token: 'bad' };
    const within = (revocationMs: number | null, t: number) =>
      proofs({ contract: { revocationMs } }, said, revoked(t), good(t)).length;
    expect([within(0, 49), within(0, 50), within(20, 69), within(20, 70)]).toEqual([0, 1, 0, 1]);
    expect([within(null, 49), within(null, 50)]).toEqual([0, 1]);
    expect(proofs({ contract: { revocationMs: 20 } }, revoked(10))).toHaveLength(1);
    expect(proofs({ contract: { revocationMs: 20 } }, said, knock(40))).toHaveLength(1);
  });

  it('is told with the interval that it was in', () => {
    const found = trialsOf(telling({}, begin, phase, knock(99), knock(100), knock(500)));
    expect(found.map(({ interval }) => interval)).toEqual(['before', 'during', 'after']);
  });

  it('is none with a token that belongs in', () => {
    expect(proves(good(10), good(20, { credential: 'refreshed', let: 'out' }))).toEqual([]);
  });

  it('with a good token, is one with a token that was valid then', () => {
    const issued: Event = {
      ...{ t: 5, session: '9', kind: 'sign-in', how: 'first', ok: true, token: 'g', expiresInMs: 45 },
    };
    const said: Event = { t: 30, session: '9', kind: 'revoked', token: 'g' };
    const times = (...events: readonly Telling[]) =>
      goodKnocksOf(
        telling(
          {},
          [29, 30, 49, 50].map((t) => good(t)),
          knock(20),
          ...events,
        ),
      ).map(({ t }) => t);
    expect(times()).toEqual([29, 30, 49, 50]);
    expect(times(issued)).toEqual([29, 30, 49]);
    expect(times(said)).toEqual([29]);
    const context = telling({}, issued, said);
    expect(isValidAt(context, undefined, 100)).toBe(true);
    expect([isValidAt(context, 'g', 29), isValidAt(context, 'g', 30)]).toEqual([true, false]);
  });
});

describe('a session that was refused with its token', () => {
  const refused = (change: Partial<EventOf<'refused'>> = {}): readonly Event[] => [
    { t: 20, session: '1', conn: 1, kind: 'connect', door: 'ws', token: 'g' },
    { t: 21, session: '1', conn: 1, kind: 'refused', at: 'handshake', status: 401, ...change },
  ];
  const found = (...events: readonly Telling[]) =>
    tokenRefusalsOf(telling({}, ...events)).map((one) => [one.session, one.token, one.issuedAt, one.event.t]);

  it('is told with its token, and when that was issued', () => {
    const issued: Event = { t: 5, session: '1', kind: 'sign-in', how: 'first', ok: true, token: 'g' };
    expect(found(refused())).toEqual([['1', 'g', 0, 21]]);
    expect(found(issued, refused())).toEqual([['1', 'g', 5, 21]]);
  });

  it('may not say which token it was', () => {
    const unnamed = refused().map((event) => {
      if (event.kind !== 'connect') return event;
      const { token: _, ...connect } = event;
      return connect;
    });
    const [refusal] = tokenRefusalsOf(telling({}, unnamed));
    expect(refusal).not.toHaveProperty('token');
    expect(found(refused().slice(1))).toEqual([['1', undefined, 0, 21]]);
  });

  it('was told no by whoever judges tokens, and by no room', () => {
    expect(found(refused({ at: 'join' }))).toEqual([]);
    expect(found(refused({ at: 'sign-in' }))).toHaveLength(1);
    expect(found(refused({ status: 503 }))).toEqual([]);
    const sessions = [{ session: '1', role: 'auditor', rooms: [] } as const];
    expect(tokenRefusalsOf(telling({ sessions }, refused()))).toEqual([]);
  });
});
