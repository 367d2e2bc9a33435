import { describe, expect, it } from 'vitest';
import { againstBudget, type Timed } from '../../../src/judge/derived/budget.js';
import type { Timing } from '../../../src/judge/derived/timings.js';
import type { Event } from '../../../src/history/events.js';

const eventOf = (t: number): Event => ({ t, kind: 'note', text: '' });
const timed = (name: string, ms: number, timing: Partial<Timing> = {}, aside?: string): Timed => ({
  ...{ name, timing: { ms, atLeast: ms, atMost: ms, ...timing }, evidence: [eventOf(ms)] },
  ...{ blames: [{ subject: 'session', id: name }], ...(aside === undefined ? {} : { aside }) },
});
const judged = (...all: readonly Timed[]) => againstBudget('The reconnect', 100, all);
const evidenceOf = (...all: readonly Timed[]) => judged(...all).evidence.map(({ t }) => t);

describe('what was timed against a budget', () => {
  it('passes where the longest that it can have taken is within it', () => {
    const found = judged(timed('a', 100), timed('b', 40));
    expect(found).toMatchObject({
      ...{ outcome: 'pass', summary: 'The reconnect took 100 ms at most (may take 100 ms)', blames: [] },
      figures: { n: 2, medianMs: 40, maxMs: 100, budgetMs: 100 },
    });
    expect(judged(timed('a', 40)).summary).toBe('The reconnect took 40 ms (may take 100 ms)');
    expect(judged(timed('a', 40), timed('b', 50), timed('c', 30)).summary).toBe(
      'The reconnect took 40 ms at the median, 50 ms at most (may take 100 ms)',
    );
    expect(evidenceOf(timed('a', 40), timed('b', 50), timed('c', 30))).toEqual([50]);
  });

  it('fails where the least that it can have taken is above it', () => {
    const found = judged(timed('a', 101, {}, 'down'), timed('b', 40), timed('c', 300));
    expect(found).toMatchObject({
      ...{ outcome: 'fail', summary: 'The reconnect took longer than 100 ms: c 300 ms and a 101 ms (down)' },
      ...{ figures: { n: 3, maxMs: 300 } },
      blames: [{ id: 'a' }, { id: 'c' }],
    });
    expect(judged(timed('a', 101, { atLeast: 100 })).outcome).toBe('unknown');
  });

  it('is unknown where the budget lies between the two', () => {
    const found = judged(timed('a', 90, { atMost: 101 }), timed('b', 40), timed('c', 95, { atMost: 120 }));
    expect(found).toMatchObject({
      ...{ outcome: 'unknown', blames: [{ id: 'a' }, { id: 'c' }], figures: { n: 3 } },
      summary: expect.stringMatching(
        /^The reconnect took about as long as the 100 ms that it may: c 95 ms and a 90 ms,/,
      ),
    });
    expect(judged(timed('a', 90, { atMost: 100 })).outcome).toBe('pass');
    const slow = judged(timed('a', 90, { atMost: 101 }), timed('b', 400));
    expect(slow).toMatchObject({ outcome: 'fail', blames: [{ id: 'b' }] });
  });

  it('shows the three slowest of those that it is about', () => {
    const all = [110, 150, 120, 140, 130].map((ms) => timed(`${ms}`, ms));
    expect(evidenceOf(...all, timed('quick', 1))).toEqual([150, 140, 130]);
  });

  it('says how it is where nothing was timed', () => {
    expect(judged()).toMatchObject({ outcome: 'pass', figures: { n: 0, budgetMs: 100 }, evidence: [] });
    expect(judged().figures).not.toHaveProperty('medianMs');
  });

  it('has percentiles of a hundred samples', () => {
    const many = Array.from({ length: 100 }, (_, index) => timed(`${index}`, index + 1));
    expect(judged(...many).figures).toEqual({
      ...{ n: 100, medianMs: 50, p95Ms: 95, p99Ms: 99, maxMs: 100, budgetMs: 100 },
    });
    expect(Object.keys(judged(...many.slice(1)).figures)).toEqual(['n', 'medianMs', 'maxMs', 'budgetMs']);
  });
});
