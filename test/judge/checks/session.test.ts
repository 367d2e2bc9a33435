import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { result } from '../result.js';
import {
  adding,
  changing,
  find,
  having,
  judge,
  lacking,
  resultOf,
  silencing,
  without,
  type Told,
} from '../story.js';
import { right } from '../stories.js';

const { ready, end } = right.at;

describe('identity-kept', () => {
  it('fails when a session comes back as another user', () => {
    const story = changing(right, (event) =>
      event.kind === 'who-am-i' && event.at === 'after' && event.session === '2'
        ? { ...event, user: 'u1' }
        : event,
    );
    expect(result(story, 'identity-kept')).toMatchObject({
      outcome: 'fail',
      summary: 'session 2 came back as somebody else',
      figures: { changed: 1 },
    });
    expect(having(judge(story), 'fail')).toEqual(['identity-kept']);
  });

  it('fails when the claims of the same user change', () => {
    const story = changing(right, (event) =>
      event.kind === 'who-am-i' && event.at === 'after' ? { ...event, digest: 'other' } : event,
    );
    expect(result(story, 'identity-kept').summary).toMatch(
      /^sessions .* came back as the same user with other claims$/,
    );
  });

  it("fails when a message is shown as another sender's", () => {
    const receipt = find(right, 'receive', ({ t }) => t > ready + 200);
    const story = changing(right, (event) => (event === receipt ? { ...receipt, from: 'name 99' } : event));
    const found = result(story, 'identity-kept');
    expect(found.outcome).toBe('fail');
    expect(found.summary).toContain('shown as from somebody else');
    expect(found.evidence).toHaveLength(2);
  });

  it('is unknown when nobody was asked, and when somebody was not told afterwards', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'who-am-i'),
        'identity-kept',
      ).outcome,
    ).toBe('unknown');
    const silent = without(
      right,
      (event) => event.kind === 'who-am-i' && event.at === 'after' && event.session === '1',
    );
    expect(result(silent, 'identity-kept')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/who session 1 is/),
    });
  });
});

describe('no-second-login', () => {
  it('fails when a session signs in again after the restart', () => {
    const story = adding(right, {
      ...{ t: ready + 50, session: '2', kind: 'sign-in', how: 'again', ok: true, token: 's2-9' },
    });
    expect(result(story, 'no-second-login')).toMatchObject({
      outcome: 'fail',
      summary: 'session 2 had to sign in a second time (1 sign-in)',
    });
  });

  it('does not mind a renewal, nor a second sign-in before anything was disrupted', () => {
    const story = adding(right, { t: 900, session: '2', kind: 'sign-in', how: 'again', ok: true });
    expect(result(story, 'no-second-login')).toMatchObject({ outcome: 'pass', figures: { againBefore: 1 } });
  });

  it('is unknown when nobody signed in', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'sign-in'),
        'no-second-login',
      ).outcome,
    ).toBe('unknown');
  });
});

describe('came-back', () => {
  const session = '2';
  const afterReturn = (event: { readonly t: number }) => event.t > ready;

  it('fails when a session never comes back, and says that the missing reconnect is the cause', () => {
    const verdict = judge(silencing(right, session, ready));
    expect(resultOf(verdict, 'came-back')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'reconnected',
      summary: 'session 2 never came back, or did not stay',
    });
  });

  it('fails when a session is back and nothing goes through any more', () => {
    const story = without(
      right,
      (event) =>
        (event.kind === 'receive' || event.kind === 'ack') && event.session === session && afterReturn(event),
    );
    const verdict = judge(story);
    expect(resultOf(verdict, 'came-back').summary).toContain('nothing went through');
    expect(resultOf(verdict, 'reconnected').outcome).toBe('pass');
    // It may have been deaf: what it missed is not shown to be lost.
    expect(resultOf(verdict, 'messages-lost')).toMatchObject({
      outcome: 'unknown',
      consequenceOf: 'came-back',
    });
  });

  it('takes what is replayed in the moment of the return for a sign of life', () => {
    const back = find(right, 'ready', (event) => event.session === '3' && afterReturn(event));
    const isTraffic = (event: Event) =>
      (event.kind === 'receive' || event.kind === 'ack') && event.session === '3' && afterReturn(event);
    const replayed = right.events.find((event) => isTraffic(event) && event.t > back.t);
    const quiet = right.events.flatMap((event) => {
      if (event === replayed) return [{ ...event, t: back.t - 0.001 }];
      const isCanary = event.kind === 'send' && event.purpose === 'canary';
      return isTraffic(event) || isCanary ? [] : [event];
    });
    quiet.sort((one, other) => one.t - other.t);
    expect(result({ header: right.header, events: quiet }, 'came-back').outcome).toBe('pass');
  });

  it('fails when a session speaks and hears nothing', () => {
    const story = without(
      right,
      (event) => event.kind === 'receive' && event.session === session && afterReturn(event),
    );
    expect(result(story, 'came-back').summary).toContain('did not hear a single canary');
  });

  it('fails when a connection stays open and the process behind it is dead', () => {
    const story = without(
      right,
      (event) =>
        'session' in event && event.session === session && event.t > right.at.signal && event.t < end - 400,
    );
    expect(result(story, 'came-back')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(/nothing went through/),
    });
    expect(result(story, 'reconnected').outcome).toBe('pass');
  });

  describe('of a run that was given up because nothing could be done to the target', () => {
    /** What was seen until the deploy command failed, which took the connections along or not. */
    const givenUp = (losing: boolean): Told => {
      const { signal } = right.at;
      const at = signal + 50;
      const begin = find(right, 'disruption', ({ step }) => step === 'begin');
      const reason = 'expected the deploy command to exit with 0; it exited with 3';
      const until = right.events.filter(
        (event) => event.t < at && !(event.kind === 'close' && event.t > signal && !losing),
      );
      const left = right.header.plan.sessions.map(({ session }, index): Event => ({
        ...{ t: at + 1 + index / 100, session, conn: 1 },
        kind: 'close',
        by: 'session',
      }));
      const failed: Event = { ...begin, t: at, step: 'failed', note: reason };
      const over: Event = { t: at + 2, kind: 'end', how: 'failed', code: 'DISRUPTION_FAILED', reason };
      return { header: right.header, events: [...until, failed, ...(losing ? [] : left), over] };
    };

    it('is unknown where nobody lost the connection: that we closed it ourselves is no fault of theirs', () => {
      const verdict = judge(givenUp(false));
      expect(resultOf(verdict, 'came-back')).toMatchObject({
        outcome: 'unknown',
        summary: expect.stringMatching(
          /never lost their connection, and what it led to was not seen ready again before the history ended/,
        ),
      });
      expect(having(verdict, 'fail')).toEqual([]);
    });

    it('is unknown where they lost it and were not waited for', () => {
      const verdict = judge(givenUp(true));
      expect(resultOf(verdict, 'came-back').summary).toMatch(/never came back.* before the history ended$/);
      expect(having(verdict, 'fail')).toEqual([]);
    });
  });

  it('is unknown when no session was connected', () => {
    const story = without(right, ({ kind }) => kind === 'ready');
    expect(result(story, 'came-back').outcome).toBe('unknown');
  });
});

describe('close-code', () => {
  const closing = (change: { readonly code?: number; readonly by?: 'target' | 'network' }) =>
    changing(right, (event) => {
      if (event.kind !== 'close' || event.code !== 1012 || event.session !== '2') return event;
      const { code: _code, ...close } = event;
      return { ...close, ...change };
    });

  const codeless = (by: 'target' | 'unknown') =>
    changing(right, (event) => {
      if (event.kind !== 'close') return event;
      const { code: _code, ...close } = event;
      return { ...close, by };
    });

  it.each([1000, 1006, 1011])('fails when a connection is closed with %i', (code) => {
    const found = result(closing({ code }), 'close-code');
    expect(found).toMatchObject({ outcome: 'fail', figures: { wrong: 1 } });
    expect(found.summary).toBe(
      `The connections of session 2 were closed with ${code} instead of 1001 or 1012`,
    );
  });

  it('fails when the connection breaks without a close frame', () => {
    expect(result(closing({ by: 'network' }), 'close-code').summary).toContain('no close frame');
  });

  it('passes 1001', () => {
    expect(result(closing({ code: 1001 }), 'close-code').outcome).toBe('pass');
  });

  it('is unknown when nothing was closed, and where nobody knows who closed it', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'close'),
        'close-code',
      ).outcome,
    ).toBe('unknown');
    expect(result(codeless('unknown'), 'close-code')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringContaining('told neither a code nor that the service ended'),
    });
  });

  it('passes a protocol without codes where the service itself ended every connection', () => {
    expect(result(codeless('target'), 'close-code')).toMatchObject({
      outcome: 'pass',
      summary: expect.stringContaining('closed by the service itself'),
    });
  });

  it('is skipped where the plan says that the protocol has no codes', () => {
    const lacks = lacking(closing({ by: 'network' }), 'close-codes');
    expect(result(lacks, 'close-code')).toMatchObject({ outcome: 'skipped' });
  });

  it('is skipped where sessions hold no connection that could be closed', () => {
    const none = lacking(
      without(right, ({ kind }) => kind === 'close'),
      'connection',
    );
    expect(result(none, 'close-code')).toMatchObject({ outcome: 'skipped' });
  });
});

describe('exit-code', () => {
  const exiting = (change: { readonly exitCode?: number | null; readonly killed?: boolean }) =>
    changing(right, (event) =>
      event.kind === 'disruption' && event.step === 'exited' ? { ...event, ...change } : event,
    );

  it('fails when the process is killed past its grace period', () => {
    expect(result(exiting({ killed: true, exitCode: null }), 'exit-code').summary).toContain('was killed');
  });

  it('fails when it ends with another code, or by the signal itself', () => {
    expect(result(exiting({ exitCode: 1 }), 'exit-code').summary).toBe(
      'backend ended with exit code 1 instead of 0',
    );
    expect(result(exiting({ exitCode: null }), 'exit-code').summary).toContain('does not handle it');
  });

  it('is unknown when the end of the process was not seen', () => {
    const story = without(right, (event) => event.kind === 'disruption' && event.step === 'exited');
    expect(result(story, 'exit-code').outcome).toBe('unknown');
  });
});

describe('requests-finished', () => {
  const isLost = (event: Event) =>
    event.kind === 'stream' && event.step === 'lost' && event.t >= right.at.signal;
  const losing = (change: Partial<EventOf<'stream'>>) =>
    changing(right, (event) => (isLost(event) ? Object.assign({}, event, change) : event));
  const broken = losing({ by: 'network', reason: 'other side closed' });

  it('passes when what was being read was ended in order, and its reader came back', () => {
    expect(result(right, 'requests-finished')).toMatchObject({
      outcome: 'pass',
      summary: '1 request that was under way when the service was asked to leave ended in order',
      figures: { underWay: 1, ended: 1, cut: 0 },
    });
  });

  it('fails when a response breaks off in the middle', () => {
    expect(having(judge(broken), 'fail')).toEqual(['requests-finished']);
    expect(result(broken, 'requests-finished').summary).toBe(
      '1 request of session 1, under way when the service was asked to leave, was cut in the middle (other side closed)',
    );
  });

  it('is no finding of its own where the process ended without any goodbye', () => {
    const gone = changing(broken, (event) => {
      if (event.kind !== 'close' || event.code !== 1012) return event;
      const { t, session, conn } = event;
      return { t, session, ...(conn === undefined ? {} : { conn }), kind: 'close', by: 'network' };
    });
    expect(resultOf(judge(gone), 'requests-finished')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'close-code',
    });
  });

  it('judges nothing that broke off before the signal, or after the restart', () => {
    const early = changing(broken, (event) => (isLost(event) ? { ...event, t: right.at.signal - 1 } : event));
    expect(result(early, 'requests-finished').outcome).toBe('unknown');
    const late = changing(broken, (event) => (isLost(event) ? { ...event, t: ready + 50 } : event));
    expect(result(late, 'requests-finished').outcome).toBe('unknown');
  });

  it('is unknown when it is not told how the response ended, and when nothing was being read', () => {
    const untold = changing(right, (event) => {
      if (!isLost(event) || event.kind !== 'stream') return event;
      const { t, session, stream, step, attempt = 1 } = event;
      return { t, session, kind: 'stream', stream, step, attempt };
    });
    expect(result(untold, 'requests-finished')).toMatchObject({
      outcome: 'unknown',
      summary: 'It is not known how the requests ended that were under way',
    });
    const idle = without(right, ({ kind }) => kind === 'stream');
    expect(result(idle, 'requests-finished').outcome).toBe('unknown');
  });

  it.each(['graceful', 'streams', 'loss', 'restart'] as const)('is skipped without %s', (facet) => {
    expect(result(lacking(broken, facet), 'requests-finished').outcome).toBe('skipped');
  });
});
