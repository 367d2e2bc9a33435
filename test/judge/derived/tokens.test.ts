import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { EventOf } from '../../../src/history/events.js';
import { result } from '../result.js';
import { adding, changing, find, under, type Told } from '../story.js';
import { right } from '../stories.js';

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
