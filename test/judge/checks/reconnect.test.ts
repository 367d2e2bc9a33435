import { describe, expect, it } from 'vitest';
import { atMostOnce, exactlyOnce } from '../../../src/contract/contracts.js';
import type { Event } from '../../../src/history/events.js';
import { explained, result } from '../result.js';
import {
  adding,
  changing,
  find,
  having,
  judge,
  lacking,
  resultOf,
  silencing,
  Story,
  under,
  without,
} from '../story.js';
import { right } from '../stories.js';

const { signal, ready, settle } = right.at;

/** A deploy that nobody notices: no connection was lost by it. */
const unnoticed = without(
  changing(right, (event) => event),
  (event) =>
    ('conn' in event &&
      !['3', '8'].includes(event.session) &&
      event.t > signal &&
      event.t < settle &&
      !['send', 'written', 'ack', 'receive'].includes(event.kind)) ||
    event.kind === 'unoffered',
);

describe('connection-was-lost', () => {
  const doors = (change: (event: Event) => Event) =>
    changing(right, (event) => (event.kind === 'disruption' ? change(event) : event));
  const sameInstance = doors((event) =>
    event.kind === 'disruption' && event.step === 'ready' ? { ...event, instance: 'boot-1' } : event,
  );

  it('is proved by connections that were refused while the process was dead', () => {
    expect(result(sameInstance, 'connection-was-lost').outcome).toBe('pass');
  });

  it('is unknown when the same instance answers before and after, and the port was never closed', () => {
    const story = without(
      sameInstance,
      (event) => event.kind === 'disruption' && event.step === 'port-closed',
    );
    const verdict = judge(story);
    expect(resultOf(verdict, 'connection-was-lost')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/not proved that backend/),
    });
    expect(verdict.outcome).toBe('unknown');
  });

  it('passes a deploy that nobody notices where that is allowed or promised, and says so', () => {
    expect(result(unnoticed, 'connection-was-lost').summary).toContain('no session lost its connection');
    expect(
      result(under(unnoticed, exactlyOnce({ connectionLost: 'never' })), 'connection-was-lost').outcome,
    ).toBe('pass');
  });

  it('is unknown when the contract expects a loss and nobody had any', () => {
    const story = under(unnoticed, exactlyOnce({ connectionLost: 'expected' }));
    expect(result(story, 'connection-was-lost').outcome).toBe('unknown');
  });

  it('asks nobody to lose a connection that none holds, and still wants the restart proved', () => {
    const polled = lacking(under(unnoticed, exactlyOnce({ connectionLost: 'expected' })), 'connection');
    const verdict = judge(polled);
    expect(resultOf(verdict, 'connection-was-lost').outcome).toBe('pass');
    for (const id of ['reconnected', 'reconnect-time', 'reconnect'])
      expect(resultOf(verdict, id)).toMatchObject({
        outcome: 'skipped',
        summary: 'this set-up has no connection',
      });
    for (const id of ['came-back', 'recovery', 'availability', 'messages-lost'])
      expect(resultOf(verdict, id).outcome).toBe('pass');
  });

  it('fails when the contract promises that nobody notices, and somebody does', () => {
    const story = under(right, exactlyOnce({ connectionLost: 'never' }));
    expect(result(story, 'connection-was-lost')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(/lost the connection/),
    });
  });

  it('leaves out sessions that were connected to another instance', () => {
    const story = changing(right, (event) =>
      event.kind === 'open' && event.session === '1' && event.t < signal
        ? { ...event, instance: 'boot-x' }
        : event,
    );
    expect(result(story, 'connection-was-lost').figures).toMatchObject({ sessions: 5, lost: 5 });
  });
});

describe('reconnected', () => {
  it('fails when a session does not get its connection back', () => {
    const verdict = judge(silencing(right, '2', ready));
    expect(resultOf(verdict, 'reconnected')).toMatchObject({
      outcome: 'fail',
      summary: 'session 2 did not get the connection back',
      figures: { sessions: 8, back: 7 },
    });
    expect(having(verdict, 'fail')).toEqual(['came-back', 'reconnected']);
  });

  it('fails when an absentee does not get its connection back', () => {
    expect(result(silencing(right, '3', ready + 151), 'reconnected').summary).toContain('session 3');
  });

  it('fails when a session loses its connection again and is gone at the end', () => {
    const { conn } = find(right, 'ready', ({ session, t }) => session === '2' && t > ready);
    const story = adding(right, {
      ...{ t: settle + 100, session: '2', kind: 'close', by: 'target', code: 1011 },
      ...(conn === undefined ? {} : { conn }),
    });
    expect(result(story, 'reconnected').outcome).toBe('fail');
  });

  it('fails when a session opens and closes again and again', () => {
    const loop = [3, 4, 5].flatMap((conn): Event[] => {
      const t = settle - 100 + conn * 10;
      const about = { session: '2', conn };
      return [
        { t: t - 1, ...about, kind: 'close', by: 'target', code: 1011 },
        { t, ...about, conn: conn + 1, kind: 'connect', door: 'ws' },
        { t: t + 1, ...about, conn: conn + 1, kind: 'open' },
        { t: t + 2, ...about, conn: conn + 1, kind: 'ready', claims: 'unstated' },
      ];
    });
    const story = adding(
      changing(right, (event) =>
        'conn' in event && event.session === '2' && event.conn === 2 && event.t > settle - 80
          ? { ...event, conn: 6 }
          : event,
      ),
      { t: settle - 80, session: '2', conn: 2, kind: 'close', by: 'target', code: 1011 },
      { t: settle - 79, session: '2', conn: 3, kind: 'connect', door: 'ws' },
      { t: settle - 78, session: '2', conn: 3, kind: 'open' },
      { t: settle - 77, session: '2', conn: 3, kind: 'ready', claims: 'unstated' },
      ...loop,
    );
    expect(result(story, 'reconnected').summary).toContain('again and again');
  });

  it('fails for everyone when the target does not come back', () => {
    const cut = right.events.filter(({ t, kind }) => t < ready && kind !== 'end');
    const story = {
      header: right.header,
      events: [
        ...cut,
        {
          t: ready,
          kind: 'disruption',
          disruption: 0,
          type: 'restart',
          step: 'failed',
          service: 'backend',
        } as const,
        {
          t: ready + 1,
          kind: 'end',
          how: 'failed',
          code: 'RESTART_FAILED',
          reason: 'not ready within 30 s',
        } as const,
      ],
    };
    const verdict = judge(story);
    expect(resultOf(verdict, 'restart')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(/backend did not come back \(not ready/),
    });
    expect(resultOf(verdict, 'reconnected')).toMatchObject({ outcome: 'fail', consequenceOf: 'restart' });
    expect(resultOf(verdict, 'came-back')).toMatchObject({ outcome: 'fail', consequenceOf: 'restart' });
    expect(having(verdict, 'fail')).toEqual(['came-back', 'reconnected', 'restart']);
    expect(verdict).toMatchObject({ outcome: 'fail', reason: 'not ready within 30 s' });
  });

  it('passes a deploy that nobody notices', () => {
    expect(result(unnoticed, 'reconnected')).toMatchObject({
      outcome: 'pass',
      summary: expect.stringMatching(/2 sessions of 2/),
    });
  });
});

describe('reconnect-time', () => {
  const slow = new Story({ downMs: 9_990 });

  it('fails when a session took longer than its budget, and says where the time went', () => {
    const story = under(right, exactlyOnce({ budgets: { reconnectMs: 220 } }));
    const found = result(story, 'reconnect-time');
    expect(found.outcome).toBe('fail');
    expect(found.summary).toMatch(
      /^Coming back took longer than 220 ms: session \d+ \d+ ms \(\d+ ms down, \d+ ms the client's own waiting/,
    );
  });

  it('is unknown when our own stall might have made the difference', () => {
    const story = adding(under(slow, exactlyOnce({ budgets: { reconnectMs: 10_005, restartMs: 20_000 } })), {
      ...{ t: slow.at.ready + 40, kind: 'stall', ms: 30 },
    });
    expect(result(story, 'reconnect-time').outcome).toBe('unknown');
  });

  it('names a slow restart as the cause of a slow reconnect', () => {
    const verdict = judge(slow);
    expect(resultOf(verdict, 'restart').outcome).toBe('fail');
    expect(resultOf(verdict, 'reconnect-time')).toMatchObject({ outcome: 'fail', consequenceOf: 'restart' });
    expect(resultOf(verdict, 'recovery')).toMatchObject({ outcome: 'fail', consequenceOf: 'restart' });
  });

  it('is unknown when nobody came back', () => {
    const story = without(right, ({ kind, t }) => ['ready', 'open', 'connect'].includes(kind) && t > ready);
    expect(explained(story, 'reconnect-time')).toMatchObject({
      outcome: 'unknown',
      consequenceOf: 'reconnected',
    });
  });
});

describe('resumed-honestly', () => {
  it('fails when the replay after the absence leaves something out, as a consequence of the loss', () => {
    const replayed = find(right, 'receive', ({ session, t }) => session === '3' && t > ready + 150);
    const verdict = judge(without(right, (event) => event === replayed));
    expect(resultOf(verdict, 'resumed-honestly')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'messages-lost',
    });
    expect(resultOf(verdict, 'resumed-honestly').summary).toBe(
      'session 3 resumed as if nothing were missing, and 1 message never arrived',
    );
  });

  it('is unknown where the reader hears nothing at all, as a consequence of that', () => {
    const deaf = without(
      right,
      (event) =>
        (event.kind === 'receive' || event.kind === 'ack') && event.session === '3' && event.t > ready,
    );
    expect(explained(deaf, 'resumed-honestly')).toMatchObject({
      outcome: 'unknown',
      consequenceOf: 'came-back',
    });
  });

  it('does not hold a fresh start against the target', () => {
    const fresh = changing(right, (event) =>
      event.kind === 'ready' ? { ...event, claims: 'fresh' as const } : event,
    );
    expect(result(fresh, 'resumed-honestly').outcome).toBe('unknown');
  });

  it('takes a fresh start for the truth where the contract lets messages be missed', () => {
    const { header, events } = changing(right, (event) =>
      event.kind === 'ready' ? { ...event, claims: 'fresh' as const } : event,
    );
    const contract = atMostOnce();
    expect(result({ header: { ...header, contract }, events }, 'resumed-honestly')).toMatchObject({
      outcome: 'pass',
      summary: '8 sessions came back and began anew: none was told that nothing is missing',
    });
  });

  it('takes the word of the target where it says "resumed"', () => {
    const told = changing(right, (event) => {
      if (event.kind === 'ready') return { ...event, claims: 'resumed' as const };
      if (event.kind !== 'join') return event;
      const { cursor: _cursor, ...join } = event;
      return join;
    });
    expect(result(told, 'resumed-honestly')).toMatchObject({ outcome: 'pass', figures: { resumed: 8 } });
  });
});
