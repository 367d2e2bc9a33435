import { describe, expect, it } from 'vitest';
import { atLeastOnce, atMostOnce, exactlyOnce } from '../../../src/contract/contracts.js';
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
  under,
  without,
  type Told,
} from '../story.js';
import { right } from '../stories.js';

const { signal, ready, settle } = right.at;
const isAt = (message: string) => (event: Event) => 'message' in event && event.message === message;

/** A message of session 1 that was sent in this stretch, and acknowledged. */
const sentIn = (from: number, to: number) => {
  const { message } = find(right, 'ack', ({ session, t }) => session === '1' && t > from && t < to);
  return find(right, 'send', (event) => event.message === message);
};

/** Nobody ever received it, and nobody stored it. */
const losing = ({ message }: EventOf<'send'>, kinds: readonly string[]) =>
  without(right, (event) => isAt(message)(event) && kinds.includes(event.kind));

describe('messages-lost', () => {
  it('fails when a reader misses a message that it was owed, and says who, which and when', () => {
    const send = sentIn(signal - 40, signal);
    const receipt = find(
      right,
      'receive',
      ({ message, session }) => message === send.message && session === '2',
    );
    const verdict = judge(without(right, (event) => event === receipt));
    const found = resultOf(verdict, 'messages-lost');
    expect(found.outcome).toBe('fail');
    expect(found.summary).toMatch(
      /^session 2 never received 1 message that the service had acknowledged to session 1, sent \d+ ms before the signal$/,
    );
    expect(found.evidence.map(({ kind }) => kind)).toEqual(['send', 'ack', 'receive']);
    expect(found.figures).toMatchObject({ lost: 1, lostWithoutRestart: 0 });
    expect(having(verdict, 'fail')).toEqual(['messages-lost']);
  });

  it('fails when a whole room misses it', () => {
    const found = result(losing(sentIn(signal - 40, signal), ['receive']), 'messages-lost');
    expect(found.summary).toContain('in all 3 sessions missed 1 message (3 deliveries)');
  });

  it('says when the numbers of what is lost were given again: it was not durable when it was acknowledged', () => {
    const lost = sentIn(signal - 40, signal);
    const { position = '' } = find(right, 'ack', ({ message }) => message === lost.message);
    const later = find(right, 'ack', ({ session, t }) => session === '1' && t > ready + 140).message;
    const renumbered = lacking(
      changing(losing(lost, ['receive', 'stored']), (event) =>
        (event.kind === 'ack' || event.kind === 'receive') && event.message === later
          ? { ...event, position }
          : event,
      ),
      'log',
    );
    const again =
      /; the number of 1 of them was given again after the restart: it was not on disk when it was/;
    expect(result(renumbered, 'messages-lost').summary).toMatch(again);
    const killed = changing(renumbered, (event) =>
      event.kind === 'disruption' && event.step === 'signal' ? { ...event, signal: 'SIGKILL' } : event,
    );
    expect(result(killed, 'messages-lost').summary).toContain('given again after the crash');
    const kept = find(right, 'stored', ({ message }) => message === lost.message);
    expect(result(adding(renumbered, kept), 'messages-lost').summary).not.toContain('given again');
  });

  it("tells apart what a control-absentee loses: that is the target's everyday behaviour", () => {
    const replayed = find(right, 'receive', ({ session, t }) => session === '4' && t > 805 && t < 806);
    const found = result(
      without(right, (event) => event === replayed),
      'messages-lost',
    );
    expect(found).toMatchObject({ outcome: 'fail', figures: { lost: 1, lostWithoutRestart: 1 } });
    expect(found.summary).toContain('without any restart');
    expect(
      result(
        without(right, (event) => event === replayed),
        'resumed-honestly',
      ).outcome,
    ).toBe('pass');
  });

  it('is unknown when the reader received no canary either', () => {
    const story = without(
      right,
      (event) => event.kind === 'receive' && event.session === '2' && event.t > ready,
    );
    expect(result(story, 'messages-lost')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/no canary either/),
    });
  });

  it('does not count what was not acknowledged, or overlaps a join', () => {
    const send = sentIn(signal - 40, signal);
    expect(result(losing(send, ['receive', 'ack']), 'messages-lost').outcome).toBe('pass');
    const late = changing(right, (event) => {
      const isFirst = event.kind === 'joined' && event.session === '2' && event.t < 200;
      return isFirst ? { ...event, t: signal - 20 } : event;
    });
    const receipt = find(right, 'receive', ({ session, t }) => session === '2' && t < 600);
    expect(
      result(
        without(late, (event) => event === receipt),
        'messages-lost',
      ).outcome,
    ).toBe('pass');
  });

  it('does not owe what a reader misses after it began to leave', () => {
    const left = adding(right, { t: settle - 100, session: '2', conn: 2, kind: 'leave', room: 'r1' });
    const story = without(
      left,
      (event) => event.kind === 'receive' && event.session === '2' && event.t > settle - 100,
    );
    expect(result(story, 'messages-lost').outcome).toBe('pass');
  });

  it('owes nothing beyond a replay window in time, and is unclear at its edge', () => {
    const receipt = find(right, 'receive', ({ session, t }) => session === '3' && t > ready + 150);
    const story = without(right, (event) => event === receipt);
    const windowed = (ms: number) =>
      result(under(story, exactlyOnce({ replayWindow: { ms } })), 'messages-lost').outcome;
    expect(windowed(60_000)).toBe('fail');
    expect(windowed(100)).toBe('pass');
    // Between the cut and the attempt to come back, and the last sign of life and the room, lie some milliseconds.
    expect(windowed(ready + 155 - 1_100.2)).toBe('unknown');
  });

  it('is unclear about what was promised before a reader was seen to have gone, however short the replay window', () => {
    const cutAt = find(right, 'cut', ({ session }) => session === '3').t;
    const last = right.events.findLast(
      (event) => event.kind === 'receive' && event.session === '3' && event.t < cutAt,
    );
    const story = under(
      without(right, (event) => event === last),
      exactlyOnce({ replayWindow: { ms: 0 } }),
    );
    expect(result(story, 'messages-lost')).toMatchObject({
      outcome: 'unknown',
      figures: { unclear: 1, lost: 0 },
      summary: expect.stringMatching(/may have been there still/),
    });
  });

  it('owes nothing beyond a replay window in messages', () => {
    const receipt = find(right, 'receive', ({ session, t }) => session === '3' && t > ready + 150);
    const story = without(right, (event) => event === receipt);
    const windowed = (messages: number) =>
      result(under(story, exactlyOnce({ replayWindow: { messages } })), 'messages-lost').outcome;
    expect(windowed(1_000)).toBe('fail');
    expect(windowed(1)).toBe('pass');
  });

  it('does not bind where the contract promises at most once', () => {
    const story = under(losing(sentIn(signal - 40, signal), ['receive']), atMostOnce());
    expect(result(story, 'messages-lost')).toMatchObject({ outcome: 'fail', binding: false });
  });

  it('is unknown when nothing was acknowledged, or nothing after the restart', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'ack'),
        'messages-lost',
      ).outcome,
    ).toBe('unknown');
    const quiet = without(
      right,
      (event) => event.t > ready && ['send', 'written', 'ack'].includes(event.kind),
    );
    expect(result(quiet, 'messages-lost')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/nothing was acknowledged after/),
    });
  });
});

describe('messages-duplicated', () => {
  const receipt = find(
    right,
    'receive',
    ({ session, t, conn }) => session === '2' && conn === 2 && t > ready + 60,
  );

  it('fails when a message comes twice on one connection', () => {
    const verdict = judge(adding(right, { ...receipt, t: receipt.t + 5 }));
    expect(resultOf(verdict, 'messages-duplicated').summary).toBe(
      'session 2 received 1 repeat: twice on one connection',
    );
    expect(resultOf(verdict, 'messages-duplicated').likely?.cause).toContain(
      'Replay and live delivery overlap',
    );
    expect(having(verdict, 'fail')).toEqual(['messages-duplicated']);
  });

  it('fails when the replay repeats what the cursor says the session has', () => {
    const { cursor, t } = find(right, 'join', ({ session, conn }) => session === '2' && conn === 2);
    const had = find(
      right,
      'receive',
      ({ session, conn, position }) => session === '2' && conn === 1 && Number(position) <= Number(cursor),
    );
    const found = result(adding(right, { ...had, t: t + 0.02, conn: 2 }), 'messages-duplicated');
    expect(found).toMatchObject({ outcome: 'fail', summary: expect.stringMatching(/although the cursor/) });
  });

  it('takes what was there before an opaque cursor for what the cursor says, and nothing else', () => {
    const opaque = changing(right, (event) => {
      if (event.kind === 'join' && event.cursor !== undefined)
        return { ...event, cursor: `c${event.cursor}` };
      return 'position' in event ? { ...event, position: `c${event.position}` } : event;
    });
    expect(result(opaque, 'messages-duplicated').outcome).toBe('pass');
    const { t } = find(opaque, 'join', ({ session, conn }) => session === '2' && conn === 2);
    const before = find(opaque, 'receive', ({ session, conn }) => session === '2' && conn === 1);
    const found = result(adding(opaque, { ...before, t: t + 0.02, conn: 2 }), 'messages-duplicated');
    expect(found).toMatchObject({ outcome: 'fail', summary: expect.stringMatching(/although the cursor/) });
  });

  it('does not blame the target for what the client asked for', () => {
    const uncursored = changing(right, (event) => {
      if (event.kind !== 'join') return event;
      const { cursor: _cursor, ...join } = event;
      return join;
    });
    const { t } = find(right, 'join', ({ session, conn }) => session === '2' && conn === 2);
    const had = find(right, 'receive', ({ session, conn }) => session === '2' && conn === 1);
    const found = result(adding(uncursored, { ...had, t: t + 0.02, conn: 2 }), 'messages-duplicated');
    expect(found).toMatchObject({ outcome: 'pass', figures: { askedFor: 1 } });
  });

  it('tells of messages that were never answered how many can be seen, and fails where one is there twice', () => {
    const ack = find(right, 'ack', ({ message }) => message === receipt.message);
    const unanswered = changing(right, (event) => {
      if (event !== ack) return event;
      const { t, session, message } = ack;
      return { t, session, kind: 'unsure', message, reason: 'the connection was lost' };
    });
    const found = result(unanswered, 'messages-duplicated');
    expect(found).toMatchObject({ outcome: 'pass', figures: { indeterminate: 1, indeterminateSeen: 1 } });
    expect(found.summary).toMatch(/; 1 message that was never answered can be seen, once$/);
    const unseen = without(
      unanswered,
      (event) => (event.kind === 'receive' || event.kind === 'stored') && event.message === receipt.message,
    );
    expect(result(unseen, 'messages-duplicated').figures).toMatchObject({
      indeterminate: 1,
      indeterminateSeen: 0,
    });
    const twice = adding(unanswered, { ...receipt, t: receipt.t + 5 });
    expect(result(twice, 'messages-duplicated').outcome).toBe('fail');
  });

  it('fails when an old connection is still alive and both receive', () => {
    const close = find(right, 'close', ({ session, code }) => session === '2' && code === 1012);
    const twin = { ...receipt, t: receipt.t + 5, conn: 1, position: '100000' };
    const story = adding(
      changing(right, (event) => (event === close ? [] : event)),
      twin,
    );
    expect(result(story, 'messages-duplicated').summary).toContain('on two connections that were both alive');
  });

  it('fails when a retry is stored as a second message', () => {
    const stored = find(right, 'stored', ({ read, index }) => read === 'r1-after' && index === 3);
    const twice = changing(right, (event) => {
      if (event.kind === 'read-end' && event.read === 'r1-after') return { ...event, count: event.count + 1 };
      return event === stored ? [stored, { ...stored, id: 'another', position: '9999' }] : event;
    });
    const verdict = judge(twice);
    expect(resultOf(verdict, 'messages-duplicated').summary).toBe('1 message stored twice, in r1');
    expect(resultOf(verdict, 'chat-log')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'messages-duplicated',
    });
    expect(having(verdict, 'fail')).toEqual(['messages-duplicated', 'chat-log']);
  });

  /** Session 1 sends its message again after the restart, and the answer names another place. */
  const sendingAgain = (
    message: string,
    ack: Partial<Pick<EventOf<'ack'>, 'id' | 'position'>>,
    story: Told = right,
  ) =>
    adding(
      story,
      { t: ready + 130, session: '1', conn: 2, kind: 'written', message, attempt: 2 },
      { t: ready + 131, session: '1', conn: 2, kind: 'ack', message, ...ack },
    );
  const early = sentIn(signal - 40, signal).message;
  const name = early.slice(early.indexOf('.') + 1);
  const withoutLog = (story: Told) => lacking(story, 'log');

  it('fails when what was sent again is acknowledged under another number, also without a log', () => {
    const ack = find(right, 'ack', ({ message }) => message === early);
    const verdict = judge(withoutLog(sendingAgain(early, { position: '9999' })));
    const found = resultOf(verdict, 'messages-duplicated');
    expect(found.summary).toBe(
      `1 message that was sent again was taken for a new one: session 1's ${name} was acknowledged as number ${ack.position ?? ''} and again as 9999`,
    );
    expect(found.evidence.map(({ kind }) => kind)).toEqual(['send', 'ack', 'ack']);
    expect(found.figures).toMatchObject({ takenForNew: 1, received: 0, askedFor: 0 });
    expect(having(verdict, 'fail')).toEqual(['messages-duplicated']);
  });

  it("fails when the target's own id of it is another one, and says how many there are", () => {
    const named = changing(right, (event) =>
      event.kind === 'ack' ? { ...event, id: `first-${event.message}` } : event,
    );
    const other = sentIn(signal - 120, signal - 40).message;
    const again = sendingAgain(other, { id: 'other' }, sendingAgain(early, { id: 'another' }, named));
    expect(result(withoutLog(again), 'messages-duplicated').summary).toMatch(
      /^2 messages that were sent again were taken for new ones: session 1's 1\.\d+ was acknowledged as id first-\S+ and again as other$/,
    );
  });

  it('fails when what was sent again reaches a reader under another number, and counts that once', () => {
    const had = find(right, 'receive', ({ session, message }) => session === '2' && message === early);
    const written: Event = {
      t: ready + 130,
      session: '1',
      conn: 2,
      kind: 'written',
      message: early,
      attempt: 2,
    };
    const story = adding(right, written, { ...had, t: ready + 131, conn: 2, position: '9999' });
    const found = result(withoutLog(story), 'messages-duplicated');
    expect(found.summary).toBe(
      `1 message that was sent again was taken for a new one: session 1's ${name} reached session 2 as number ${had.position ?? ''} and again as 9999`,
    );
    expect(found.evidence.map(({ kind }) => kind)).toEqual(['send', 'receive', 'receive']);
    expect(found.figures).toMatchObject({ takenForNew: 1, received: 0 });
    expect(result(under(story, exactlyOnce({ idempotent: false })), 'messages-duplicated')).toMatchObject({
      outcome: 'pass',
      figures: { askedFor: 1 },
    });
  });

  it('takes nothing for new where the answers tell no place, the same one, or no idempotency is promised', () => {
    const { position = '' } = find(right, 'ack', ({ message }) => message === early);
    for (const ack of [{}, { position }, { id: 'only-now' }]) {
      expect(result(sendingAgain(early, ack), 'messages-duplicated').outcome).toBe('pass');
    }
    const promised = under(sendingAgain(early, { position: '9999' }), exactlyOnce({ idempotent: false }));
    expect(result(promised, 'messages-duplicated').outcome).toBe('pass');
  });

  it('fails when a reader is given what it has under a new number after its cursor', () => {
    const had = find(right, 'receive', ({ session, message }) => session === '2' && message === early);
    const found = result(
      adding(right, { ...had, t: ready + 130, conn: 2, position: '9999' }),
      'messages-duplicated',
    );
    expect(found).toMatchObject({
      outcome: 'fail',
      summary: 'session 2 received 1 repeat: under another number or id than before',
    });
  });

  it('does not bind where the contract promises at least once', () => {
    const story = under(adding(right, { ...receipt, t: receipt.t + 5 }), atLeastOnce());
    expect(result(story, 'messages-duplicated')).toMatchObject({ outcome: 'fail', binding: false });
  });

  it('is unknown when nobody received anything', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'receive'),
        'messages-duplicated',
      ).outcome,
    ).toBe('unknown');
  });
});
