import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../src/history/events.js';
import { explained, result } from '../result.js';
import { adding, changing, find, having, judge, resultOf, under, without } from '../story.js';
import { right } from '../stories.js';

const { signal, ready, end, settle } = right.at;

const knocking = (fits: (event: EventOf<'door'>) => boolean, change: Partial<EventOf<'door'>>) =>
  changing(right, (event) => (event.kind === 'door' && fits(event) ? { ...event, ...change } : event));

describe('accepted-before', () => {
  const isGoodBefore = ({ credential, t }: EventOf<'door'>) => credential === 'good' && t < signal;

  it('fails when a good token is refused before anything is done', () => {
    const story = knocking((event) => isGoodBefore(event) && event.door === 'ws', {
      let: 'out',
      status: 401,
    });
    expect(result(story, 'accepted-before')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(/refused before the restart at ws/),
    });
    const always = knocking((event) => event.credential === 'good' && event.door === 'ws', {
      let: 'out',
      status: 401,
    });
    expect(explained(always, 'accepted-after')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'accepted-before',
    });
  });

  it('does not take silence for a refusal', () => {
    expect(result(knocking(isGoodBefore, { let: 'no-answer' }), 'accepted-before').outcome).toBe('unknown');
  });

  it('is unknown when nothing was tried', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'door'),
        'accepted-before',
      ).outcome,
    ).toBe('unknown');
  });
});

describe('accepted-after', () => {
  const isGood = ({ credential }: EventOf<'door'>) => credential === 'good';

  it('fails when the token is refused after the restart', () => {
    const story = knocking((event) => isGood(event) && event.t > settle, { let: 'out', status: 401 });
    const found = result(story, 'accepted-after');
    expect(found).toMatchObject({ outcome: 'fail', figures: { refused: 2 } });
    expect(found.summary).toBe(
      'A good token from before the restart was refused since (401) at ws and /users/me',
    );
  });

  it('fails when it is refused only for a moment, while the service starts', () => {
    const story = knocking((event) => isGood(event) && event.t > ready && event.t < settle, {
      let: 'out',
      status: 401,
    });
    expect(result(story, 'accepted-after').outcome).toBe('fail');
  });

  it('fails when a session is refused with its own token', () => {
    const connect = find(right, 'connect', ({ t, session }) => t > ready && session === '2');
    const { t, session, conn } = connect;
    const story = adding(right, {
      ...{ t: t + 0.005, session, kind: 'refused', at: 'handshake', status: 401 },
      ...(conn === undefined ? {} : { conn }),
    });
    expect(result(story, 'accepted-after')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(/when session 2 came back/),
    });
  });

  it('does not mind a token that had expired or was revoked by then', () => {
    const expiring = changing(right, (event) =>
      event.kind === 'sign-in' && event.how === 'first' ? { ...event, expiresInMs: ready - event.t } : event,
    );
    const story = changing(expiring, (event) =>
      event.kind === 'door' && isGood(event) && event.t > ready
        ? { ...event, let: 'out' as const, status: 401 }
        : event,
    );
    expect(result(story, 'accepted-after').outcome).toBe('unknown');
  });

  it('is unknown when another token was let in afterwards, or none was tried', () => {
    const other = knocking((event) => isGood(event) && event.t > settle, { token: 'fresh' });
    expect(result(other, 'accepted-after').outcome).toBe('unknown');
    expect(
      result(
        without(right, ({ kind }) => kind === 'door'),
        'accepted-after',
      ).outcome,
    ).toBe('unknown');
  });
});

describe('not-expired', () => {
  const refusing = (session: string, reason?: string) => {
    const { t, conn } = find(right, 'connect', (event) => event.t > ready && event.session === session);
    const more = { ...(conn === undefined ? {} : { conn }), ...(reason === undefined ? {} : { reason }) };
    return adding(right, { t: t + 0.005, session, kind: 'refused', at: 'handshake', status: 401, ...more });
  };

  it('fails when a token ran out during the outage and nothing renewed it', () => {
    const story = changing(refusing('2'), (event) =>
      event.kind === 'sign-in' && event.session === '2' ? { ...event, expiresInMs: 1_100 } : event,
    );
    expect(result(story, 'not-expired')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(/session 2 was refused as expired/),
    });
    expect(result(story, 'accepted-after').outcome).toBe('pass');
  });

  it('fails when the service says that a valid token is not yet valid', () => {
    expect(result(refusing('2', 'token is not yet valid'), 'not-expired').outcome).toBe('fail');
  });

  it.each(['The access token is not valid.', 'invalid or expired token'])(
    'does not take "%s" for it',
    (reason) => {
      expect(result(refusing('2', reason), 'not-expired').outcome).toBe('pass');
      expect(result(refusing('2', reason), 'accepted-after').outcome).toBe('fail');
    },
  );

  it('fails when a token is issued already expired', () => {
    const story = changing(right, (event) =>
      event.kind === 'sign-in' && event.session === '3' ? { ...event, expiresInMs: -1 } : event,
    );
    expect(result(story, 'not-expired').summary).toContain('issued already expired');
  });

  it('is unknown when no session showed a token after the restart', () => {
    const story = changing(right, (event) => {
      if (event.kind !== 'connect') return event;
      const { token: _token, ...connect } = event;
      return connect;
    });
    expect(result(story, 'not-expired').outcome).toBe('unknown');
  });
});

describe('not-expired, where nobody had to come back', () => {
  const chat = ['send', 'written', 'ack', 'receive'];
  const isAway = (event: Event) => 'session' in event && ['3', '8'].includes(event.session);
  const isReturn = (event: Event) =>
    'conn' in event && event.t > signal && event.t < settle && !chat.includes(event.kind);
  const unnoticed = without(right, (event) => isAway(event) || isReturn(event));

  it('passes, as the token of a session that stays connected is not shown again', () => {
    expect(result(unnoticed, 'not-expired')).toMatchObject({
      outcome: 'pass',
      summary: 'No session lost its connection, so none had to show its token again',
    });
  });

  it('is unknown where the restart is not proved', () => {
    const unproved = without(unnoticed, ({ kind }) => kind === 'disruption');
    expect(result(unproved, 'not-expired').outcome).toBe('unknown');
  });
});

describe('refresh-works', () => {
  const renewing = (change: Partial<EventOf<'sign-in'>>) =>
    changing(right, (event) =>
      event.kind === 'sign-in' && event.how === 'refresh' ? { ...event, ...change } : event,
    );

  it.each([400, 401, 403])('fails when a renewal is refused with %i', (status) => {
    expect(result(renewing({ ok: false, status }), 'refresh-works')).toMatchObject({ outcome: 'fail' });
  });

  it('explains the second sign-in that follows', () => {
    const refused = renewing({ ok: false, status: 401 });
    const story = adding(refused, { t: ready + 130, session: '1', kind: 'sign-in', how: 'again', ok: true });
    expect(explained(story, 'no-second-login')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'refresh-works',
    });
  });

  it('is unknown when no renewal was answered', () => {
    expect(result(renewing({ ok: false }), 'refresh-works').outcome).toBe('unknown');
    expect(result(renewing({ ok: false, status: 503 }), 'refresh-works').outcome).toBe('unknown');
  });
});

describe('revoked-refused', () => {
  const isRevoked = ({ credential }: EventOf<'door'>) => credential === 'revoked';

  it('fails when a revoked token is let in once', () => {
    const story = knocking((event) => isRevoked(event) && event.t > settle && event.door === 'ws', {
      let: 'in',
    });
    expect(result(story, 'revoked-refused')).toMatchObject({
      outcome: 'fail',
      summary: 'A revoked token was let in after the restart at ws',
    });
  });

  it('counts a refusal only where a good token was let in at the same time', () => {
    const story = without(
      right,
      (event) => event.kind === 'door' && event.credential === 'good' && event.t > settle,
    );
    expect(result(story, 'revoked-refused').outcome).toBe('unknown');
  });

  it('counts a refusal only of the instance that let a good token in', () => {
    const story = knocking((event) => isRevoked(event) && event.t > settle, { instance: 'another' });
    expect(result(story, 'revoked-refused').outcome).toBe('unknown');
  });

  it('counts a refusal of an instance that let sessions in, where connections are made', () => {
    const elsewhere = knocking((event) => isRevoked(event) && event.t > settle && event.via === 'connect', {
      instance: 'another',
    });
    const story = changing(elsewhere, (event) =>
      event.kind === 'open' && event.t > ready ? { ...event, instance: 'another' } : event,
    );
    expect(result(story, 'revoked-refused').outcome).toBe('pass');
  });

  it('waits for as long as the contract lets a revocation take', () => {
    const slow = under(
      knocking((event) => isRevoked(event) && event.t < signal, { let: 'in' }),
      exactlyOnce({ revocationMs: 200 }),
    );
    expect(result(slow, 'revoked-refused').outcome).toBe('pass');
  });

  it('does not bind where tokens live until they expire', () => {
    const story = under(knocking(isRevoked, { let: 'in' }), exactlyOnce({ revocationMs: null }));
    const verdict = judge(story);
    expect(resultOf(verdict, 'revoked-refused')).toMatchObject({ outcome: 'fail', binding: false });
    expect(verdict.outcome).toBe('pass');
  });

  it('is unknown when none was tried', () => {
    expect(
      result(
        without(right, (event) => event.kind === 'door' && isRevoked(event)),
        'revoked-refused',
      ).outcome,
    ).toBe('unknown');
  });
});

describe('secrets-hidden', () => {
  const leaking = (where: EventOf<'leak'>['where']) =>
    adding(right, { t: ready + 20, session: '3', conn: 2, kind: 'leak', where });

  it.each([
    ['error', 'The service showed a secret in errors to session 3'],
    ['close', 'The service showed a secret in the reasons of closes to session 3'],
  ] as const)('fails when a secret was in the reason of a %s', (where, summary) => {
    const verdict = judge(leaking(where));
    expect(resultOf(verdict, 'secrets-hidden')).toMatchObject({ outcome: 'fail', summary });
    expect(having(verdict, 'fail')).toEqual(['secrets-hidden']);
  });

  it('does not mind a token in an ordinary frame, and says so', () => {
    const verdict = judge(leaking('frame'));
    expect(resultOf(verdict, 'secrets-hidden').outcome).toBe('pass');
    expect(verdict.notes).toContainEqual(expect.stringContaining('showed a secret in a frame'));
  });

  it('is unknown when nobody connected', () => {
    const story = without(right, ({ kind }) => kind === 'connect');
    expect(result(story, 'secrets-hidden').outcome).toBe('unknown');
  });
});

describe('forged-refused', () => {
  it('fails when a forged token is let in while the service starts', () => {
    const story = knocking(({ credential, t }) => credential === 'unsigned' && t > ready && t < end - 500, {
      let: 'in',
    });
    const verdict = judge(story);
    expect(resultOf(verdict, 'forged-refused').summary).toBe(
      'A forged token (unsigned) was let in during the restart at ws and /users/me, 2 times',
    );
    expect(having(verdict, 'fail')).toEqual(['forged-refused']);
  });

  it('is unknown when a kind was not tried after the restart, or nothing during it', () => {
    const after = without(
      right,
      (event) => event.kind === 'door' && event.credential === 'none' && event.t > settle,
    );
    expect(result(after, 'forged-refused')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/none after it/),
    });
    const during = without(right, ({ kind, t }) => kind === 'door' && t > signal && t < settle);
    expect(result(during, 'forged-refused').summary).toContain('any kind during the restart');
  });

  it('is unknown when the door refused everybody', () => {
    const story = knocking(({ credential }) => credential === 'good', { let: 'out', status: 401 });
    expect(result(story, 'forged-refused').outcome).toBe('unknown');
  });
});
