import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../src/contract/contracts.js';
import type { Event } from '../../src/history/events.js';
import { messages } from '../../src/judge/facts/messages.js';
import { adding, changing, find, having, judge, resultOf, Story, without, type Told } from './story.js';

/** The time before the restart stretched to five minutes: what settles in it is remembered only by its numbers. */
function stretched(story: Story): Told {
  const later = (t: number) => (t < 1_000 ? t * 300 : t + 299_000);
  const { header, events } = story;
  return {
    header: { ...header, contract: exactlyOnce({ budgets: { totalMs: 400_000 } }) },
    events: events.map((event): Event => {
      if (event.kind === 'send') return { ...event, t: later(event.t), due: later(event.due) };
      return { ...event, t: later(event.t) };
    }),
  };
}

const long = stretched(new Story());

function ledgerOf({ header, events }: Told) {
  const fold = messages.start(header);
  for (const event of events) if (messages.kinds.includes(event.kind)) fold.see(event);
  return fold.view;
}

describe('a long history', () => {
  it('passes as a short one does', () => {
    const verdict = judge(long);
    expect([...having(verdict, 'fail'), ...having(verdict, 'unknown')]).toEqual([]);
    expect(verdict.figures.messages).toEqual(judge(new Story()).figures.messages);
  });

  it('keeps whole only what is young, near a disruption, or not settled', () => {
    const ledger = ledgerOf(long);
    expect(ledger.retired.count()).toBeGreaterThan(20);
    const { sent, unoffered } = ledger.totals();
    expect(ledger.messages.size + ledger.retired.count()).toBe(sent + unoffered);
    const first = find(long, 'send');
    expect(ledger.messages.has(first.message)).toBe(false);
    expect(ledger.retired.inRoom(first.room).get(first.session)?.has(1)).toBe(true);
  });

  it('keeps what a reader still misses, however old, and finds it lost', () => {
    const receipt = find(long, 'receive');
    const story = without(long, (event) => event === receipt);
    expect(ledgerOf(story).messages.has(receipt.message ?? '')).toBe(true);
    expect(resultOf(judge(story), 'messages-lost')).toMatchObject({ outcome: 'fail', figures: { lost: 1 } });
  });

  it('finds a repeat of what is remembered only by its number', () => {
    const receipt = find(long, 'receive');
    const story = adding(long, { ...receipt, t: 302_000, conn: 2 });
    expect(resultOf(judge(story), 'messages-duplicated')).toMatchObject({
      outcome: 'fail',
      figures: { received: 1 },
    });
  });

  it('takes what a newcomer or its own sender receives late for no repeat', () => {
    const receipt = find(long, 'receive');
    const sender = receipt.message?.split('.')[1] ?? '';
    const late = ['5', sender].map((session) => ({ ...receipt, t: 302_000, session }));
    expect(resultOf(judge(adding(long, ...late)), 'messages-duplicated').outcome).toBe('pass');
  });

  it('finds that it vanished', () => {
    const stored = find(long, 'stored', ({ read }) => read === 'r1-after');
    const story = changing(long, (event) => {
      if (event === stored) return [];
      return event.kind === 'read-end' && event.read === 'r1-after'
        ? { ...event, count: event.count - 1 }
        : event;
    });
    expect(resultOf(judge(story), 'log-kept')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(/^1 acknowledged message vanished from r1/),
    });
  });

  it('finds that its number was given again', () => {
    const late = find(long, 'receive', ({ session, t }) => session === '2' && t > 300_600);
    const story = changing(long, (event) =>
      'message' in event && 'position' in event && event.message === late.message
        ? { ...event, position: '1' }
        : event,
    );
    expect(resultOf(judge(story), 'no-record-changed')).toMatchObject({
      outcome: 'fail',
      figures: { reused: 1 },
    });
  });

  it('keeps everything where the replay window is counted in messages', () => {
    const counted = {
      ...long,
      header: { ...long.header, contract: exactlyOnce({ replayWindow: { messages: 5 } }) },
    };
    expect(ledgerOf(counted).retired.count()).toBe(0);
  });
});
