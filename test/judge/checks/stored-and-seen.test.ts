import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../src/history/events.js';
import { result } from '../result.js';
import { adding, changing, find, having, judge, resultOf, run, under, without, type Told } from '../story.js';
import { right } from '../stories.js';

const { signal, ready, settle, end } = right.at;
const isAt = (message: string) => (event: Event) => 'message' in event && event.message === message;

/** A message of session 1 that was sent in this stretch, and acknowledged. */
const sentIn = (from: number, to: number) => {
  const { message } = find(right, 'ack', ({ session, t }) => session === '1' && t > from && t < to);
  return find(right, 'send', (event) => event.message === message);
};

/** Nobody ever received it, and nobody stored it. */
const losing = ({ message }: EventOf<'send'>, kinds: readonly string[]) =>
  without(right, (event) => isAt(message)(event) && kinds.includes(event.kind));

describe('messages-altered', () => {
  it('fails when a message arrives with another digest, and is not lost as well', () => {
    const receipt = find(right, 'receive', ({ session, t }) => session === '2' && t > ready + 60);
    const verdict = judge(
      changing(right, (event) => (event === receipt ? { ...receipt, digest: 'cut' } : event)),
    );
    expect(resultOf(verdict, 'messages-altered').summary).toBe('session 2 received 1 message changed');
    expect(having(verdict, 'fail')).toEqual(['messages-altered']);
  });

  it('fails when it is stored with another digest, and explains the chat log', () => {
    const stored = find(right, 'stored', ({ read, index }) => read === 'r1-after' && index === 3);
    const verdict = judge(
      changing(right, (event) => (event === stored ? { ...stored, digest: 'cut' } : event)),
    );
    expect(resultOf(verdict, 'messages-altered').summary).toBe('1 message of session 1 stored changed');
    expect(resultOf(verdict, 'chat-log').consequenceOf).toBe('messages-altered');
    expect(having(verdict, 'fail')).toEqual(['messages-altered', 'chat-log']);
  });

  it('takes a damaged identity for an unmatched loss, and for nothing where nothing is missing', () => {
    const receipt = find(right, 'receive', ({ session, t }) => session === '2' && t > ready + 60);
    const damaged: Event = { ...receipt, message: null, damaged: true };
    const verdict = judge(changing(right, (event) => (event === receipt ? damaged : event)));
    expect(resultOf(verdict, 'messages-altered').summary).toBe(
      '1 text arrived with a damaged identity in r1',
    );
    expect(resultOf(verdict, 'messages-lost')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'messages-altered',
    });
    const extra = adding(right, { ...damaged, t: receipt.t + 1 });
    expect(result(extra, 'messages-altered')).toMatchObject({ outcome: 'pass', figures: { damaged: 1 } });
  });

  it('is unknown when nobody received anything', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'receive'),
        'messages-altered',
      ).outcome,
    ).toBe('unknown');
  });
});

describe('messages-leaked', () => {
  const auditor = find(right, 'door').session;
  const receipt = find(right, 'receive', ({ session, room }) => session === '2' && room === 'r1');

  it('fails when a session receives a message of a room that it was never meant to be in', () => {
    const verdict = judge(adding(right, { ...receipt, t: receipt.t + 1, session: '6' }));
    expect(resultOf(verdict, 'messages-leaked').summary).toBe(
      'session 6 received 1 message that it was never meant to see, shown in r1',
    );
    expect(having(verdict, 'fail')).toEqual(['messages-leaked']);
  });

  it('fails when a message is shown in another room than it was sent to', () => {
    const verdict = judge(adding(right, { ...receipt, t: receipt.t + 1, session: '6', room: 'r2' }));
    expect(having(verdict, 'fail')).toEqual(['messages-leaked']);
  });

  it('fails when somebody who shows what another has read is handed what came after', () => {
    const intruder = find(right, 'join', ({ room, session }) => room === 'r1' && session === auditor);
    const handed = { ...receipt, t: intruder.t + 0.05, session: auditor };
    const verdict = judge(adding(right, { ...handed, position: '2' }));
    expect(having(verdict, 'fail')).toEqual(['messages-leaked']);
    const { summary, figures } = resultOf(verdict, 'messages-leaked');
    expect(summary).toBe(`session ${auditor} received 1 message that it was never meant to see, shown in r1`);
    expect(figures).toMatchObject({ leaked: 1, intrusions: 1 });
  });

  it('says how often somebody tried in vain to resume in the place of another', () => {
    expect(result(right, 'messages-leaked').summary).toContain(
      'who tried 1 time to resume in another’s place was handed nothing',
    );
    const untried = without(
      right,
      (event) => 'session' in event && event.session === auditor && event.kind === 'join',
    );
    const { outcome, summary, figures } = result(untried, 'messages-leaked');
    expect(outcome).toBe('pass');
    expect(figures).toMatchObject({ intrusions: 0 });
    expect(summary).not.toContain('tried');
  });

  it('is unknown when the header does not say who is meant to be where', () => {
    const { header, events } = right;
    const story = { header: { ...header, plan: { ...header.plan, sessions: [] } }, events };
    expect(result(story, 'messages-leaked').outcome).toBe('unknown');
    expect(
      result(
        without(right, ({ kind }) => kind === 'receive'),
        'messages-leaked',
      ).outcome,
    ).toBe('unknown');
  });
});

describe('messages-phantom', () => {
  const receipt = find(right, 'receive', ({ session, t }) => session === '2' && t > ready + 60);

  it('fails when a message that nobody sent is received or stored', () => {
    const received = adding(right, {
      ...receipt,
      t: receipt.t + 1,
      message: `${run}.1.99999`,
      position: '99999',
    });
    expect(having(judge(received), 'fail')).toEqual(['messages-phantom']);
    expect(result(received, 'messages-phantom').summary).toContain('never sent');
    const unoffered = find(right, 'unoffered');
    const shown = adding(right, { ...receipt, t: receipt.t + 1, message: unoffered.message });
    expect(result(shown, 'messages-phantom').outcome).toBe('fail');
  });

  it('fails when a message that was refused can be seen', () => {
    const refused = changing(right, (event) => {
      if (event.kind !== 'ack' || event.message !== receipt.message) return event;
      const { t, session, message } = event;
      return { t, session, kind: 'nack' as const, message, reason: 'too long' };
    });
    const found = result(refused, 'messages-phantom');
    expect(found).toMatchObject({ outcome: 'fail', summary: expect.stringMatching(/had been refused$/) });
    expect(found.evidence[0]?.kind).toBe('nack');
  });

  it('does not mind what was left without an answer, or was refused once and is unsure', () => {
    const unsure = changing(right, (event) => {
      if (event.kind !== 'ack' || event.message !== receipt.message) return event;
      const { t, session, message } = event;
      return [
        { t, session, kind: 'nack' as const, message, reason: 'busy' },
        { t: t + 0.01, session, kind: 'unsure' as const, message, reason: 'closed' },
      ];
    });
    expect(result(unsure, 'messages-phantom').outcome).toBe('pass');
    expect(result(losing(sentIn(ready + 60, settle), ['ack']), 'messages-phantom').outcome).toBe('pass');
  });

  it('does not mind texts of other runs, or without an identity', () => {
    const others = adding(
      right,
      { ...receipt, t: receipt.t + 1, message: 'zzzzzzzz.1.1' },
      { ...receipt, t: receipt.t + 2, message: null },
    );
    expect(judge(others).outcome).toBe('pass');
  });

  it('is unknown when nobody received anything', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'receive'),
        'messages-phantom',
      ).outcome,
    ).toBe('unknown');
  });
});

describe('log-kept', () => {
  /** The newcomer's read without what is gone. */
  const vanishing = (isGone: (event: EventOf<'stored'>) => boolean, told: Told = right) => {
    const gone = told.events.filter(
      (event) => event.kind === 'stored' && event.read === 'r1-after' && isGone(event),
    );
    return changing(told, (event) => {
      if (gone.includes(event)) return [];
      const isEnd = event.kind === 'read-end' && event.read === 'r1-after';
      return isEnd ? { ...event, count: event.count - gone.length } : event;
    });
  };

  it('fails when an acknowledged message is not in the cold read, and explains that nobody received it', () => {
    const send = sentIn(signal - 40, signal);
    const story = vanishing(({ message }) => message === send.message, losing(send, ['receive']));
    const verdict = judge(story);
    const found = resultOf(verdict, 'log-kept');
    expect(found.summary).toMatch(
      /^1 acknowledged message of session 1, sent \d+ ms before the signal, vanished from r1/,
    );
    expect(resultOf(verdict, 'messages-lost')).toMatchObject({ outcome: 'fail', consequenceOf: 'log-kept' });
    expect(resultOf(verdict, 'resumed-honestly')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'log-kept',
    });
    expect(having(verdict, 'fail')).toEqual(['resumed-honestly', 'messages-lost', 'log-kept']);
  });

  it('does not judge what was acknowledged after the read began', () => {
    const { message } = sentIn(ready + 60, settle);
    const late = changing(right, (event) =>
      event.kind === 'ack' && event.message === message ? { ...event, t: end - 1 } : event,
    );
    expect(
      result(
        vanishing((event) => event.message === message, late),
        'log-kept',
      ).outcome,
    ).toBe('pass');
  });

  it('believes any read that shows it: a replica may lag', () => {
    const { message } = sentIn(signal - 40, signal);
    const stored = find(right, 'stored', (event) => event.message === message && event.read === 'r1-after');
    const about = { t: end - 290, session: stored.session, read: 'again', room: 'r1' };
    const again = adding(
      vanishing((event) => event.message === message),
      { ...about, kind: 'read', cold: true, at: 'after' },
      { ...stored, t: end - 289, read: 'again' },
      {
        t: end - 288,
        session: stored.session,
        kind: 'read-end',
        read: 'again',
        ok: false,
        count: 1,
        reason: 'cut',
      },
    );
    expect(result(again, 'log-kept').outcome).toBe('pass');
  });

  it('is unknown when the read breaks off, or entries of it are not there', () => {
    const broken = changing(right, (event) =>
      event.kind === 'read-end' && event.read === 'r1-after'
        ? { ...event, ok: false, reason: 'timeout' }
        : event,
    );
    expect(result(broken, 'log-kept')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/No newcomer read r1 to the end/),
    });
    const short = without(
      right,
      (event) => event.kind === 'stored' && event.read === 'r1-after' && event.index === 0,
    );
    expect(result(short, 'log-kept').outcome).toBe('unknown');
  });

  it('is unknown when only surviving clients read', () => {
    const warm = changing(right, (event) => (event.kind === 'read' ? { ...event, cold: false } : event));
    expect(result(warm, 'log-kept').outcome).toBe('unknown');
  });
});

describe('thread-continues', () => {
  it('fails when nothing gets through in a room any more', () => {
    const story = without(
      right,
      (event) =>
        event.t > ready &&
        (event.kind === 'ack' || event.kind === 'receive') &&
        ['1', '2', '3', '4'].includes(event.session),
    );
    expect(result(story, 'thread-continues')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(
        /^Nothing gets through in r1 since the restart: \d+ messages of sessions 1 and 2/,
      ),
    });
  });

  it.each([
    ['nothing got through before', (event: Event) => event.kind === 'ack' && event.t < signal - 2],
    [
      'nothing was sent while it lasted',
      (event: Event) => event.kind === 'written' && event.t > signal - 2 && event.t < settle,
    ],
    [
      'nothing was acknowledged in the last 250 ms',
      (event: Event) => event.kind === 'ack' && event.t > signal - 260 && event.t < signal,
    ],
    [
      'no acknowledged message was sent again',
      (event: Event) => event.kind === 'written' && event.attempt === 2,
    ],
    [
      'nothing was owed to session',
      (event: Event) => 'message' in event && event.t > 1_100 && event.t < signal,
    ],
  ])('is unknown when %s', (words, isGone) => {
    expect(result(without(right, isGone), 'thread-continues')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringContaining(words) as string,
    });
  });

  it('asks for no retry where the contract has no idempotency', () => {
    const story = without(
      under(right, exactlyOnce({ idempotent: false })),
      (event) => event.kind === 'written' && event.attempt === 2,
    );
    expect(result(story, 'thread-continues').outcome).toBe('pass');
  });

  it('goes by receipts where nothing is acknowledged', () => {
    const { header, events } = without(right, ({ kind }) => kind === 'ack');
    const story = {
      header: { ...header, plan: { ...header.plan, without: { acknowledgements: 'none' } } },
      events,
    };
    expect(result(story, 'thread-continues').outcome).toBe('pass');
  });
});
