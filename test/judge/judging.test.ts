import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/history/events.js';
import { judging, type Check, type Outcome, type Projection } from '../../src/judge/index.js';
import { connections } from '../../src/judge/facts/connections.js';
import { messages } from '../../src/judge/facts/messages.js';
import { notices } from '../../src/judge/facts/notices.js';
import { timeline } from '../../src/judge/facts/timeline.js';
import { checkOf, finding, headerWithout } from './checking.js';
import { header } from './facts/view-of.js';
import { judge, resultOf, Story } from './story.js';

const note = (t: number, text = 'a note'): Event => ({ t, kind: 'note', text });
const stall = (t: number): Event => ({ t, kind: 'stall', ms: 1 });
const end = { t: 50, kind: 'end', how: 'completed' } as const;
const about = { judgedAt: '2026-01-02T00:00:00.000Z' };
const found = (check: Check, ...events: Event[]) =>
  resultOf(judge({ header, events }, { checks: [check] }), check.id);

/** A check that keeps the events that it is told of. */
function watching(kinds: Check['kinds'], act: (event: Event) => void = () => undefined) {
  const seen: Event[] = [];
  const start: Check['start'] = () => ({
    see: (event) => {
      seen.push(event);
      act(event);
    },
    judge: () => finding('pass'),
  });
  return { seen, check: checkOf('watches', finding('pass'), { kinds, start }) };
}

describe('a check', () => {
  it('is told of the events of its kinds, in their order, each once', () => {
    const { seen, check } = watching(['stall', 'note', 'stall']);
    const events = [note(3), stall(1), end, note(2)];
    found(check, ...events);
    expect(seen).toEqual([events[0], events[1], events[3]]);
  });

  it('is told of an event when its facts know of it', () => {
    const stalls: number[] = [];
    const check = checkOf('counts', finding('pass'), {
      kinds: ['stall'],
      uses: [timeline],
      start: (context) => ({
        see: () => void stalls.push(context.facts(timeline).stalls.length),
        judge: () => finding('pass'),
      }),
    });
    found(check, stall(1), stall(2));
    expect(stalls).toEqual([1, 2]);
  });

  it('need not be told of anything', () => {
    expect(found(checkOf('blind', finding('pass'), { kinds: ['note'] }), note(1)).outcome).toBe('pass');
  });

  it('has the facts that everything rests on, and those that it names', () => {
    const own: Projection<string> = {
      id: 'own',
      kinds: [],
      start: () => ({ see: () => undefined, view: 'mine' }),
    };
    const check = checkOf('asks', finding('pass'), {
      uses: [own],
      start: (context) => ({
        judge: () => {
          for (const one of [timeline, connections, messages, notices]) context.facts<unknown>(one);
          return finding('pass', { summary: context.facts(own) });
        },
      }),
    });
    expect(found(check)).toMatchObject({ outcome: 'pass', summary: 'mine' });
  });

  it('that threw is told of nothing more, and not asked', () => {
    const { seen, check } = watching(['note'], () => {
      throw new Error('at once');
    });
    expect(found(check, note(1), note(2))).toMatchObject({ outcome: 'unknown' });
    expect(seen).toHaveLength(1);
  });

  it('that finds nothing is unknown', () => {
    const start = () => ({ judge: () => undefined }) as unknown as ReturnType<Check['start']>;
    expect(found(checkOf('silent', finding('pass'), { start }))).toMatchObject({
      outcome: 'unknown',
      summary: 'This check failed: it found nothing',
    });
  });

  it('is not begun where the set-up lacks what it needs, or its test is not asked for', () => {
    let begun = 0;
    const check = checkOf('needs', finding('pass'), {
      needs: ['log'],
      start: () => {
        begun += 1;
        return { judge: () => finding('pass') };
      },
    });
    const verdict = judge({ header: headerWithout({ log: 'no log' }), events: [] }, { checks: [check] });
    expect(resultOf(verdict, 'needs')).toMatchObject({ outcome: 'skipped', summary: 'no log' });
    judge({ header, events: [] }, { checks: [check], only: ['token'] });
    expect(begun).toBe(0);
    found(check);
    expect(begun).toBe(1);
  });
});

describe('facts', () => {
  it('that threw see nothing more, and say so to everyone who asks', () => {
    let seen = 0;
    const broken: Projection<number> = {
      ...{ id: 'broken', kinds: ['note'] },
      start: () => ({
        see: () => {
          seen += 1;
          throw new Error('no such room');
        },
        view: 7,
      }),
    };
    const asking = (id: string) =>
      checkOf(id, finding('pass'), {
        uses: [broken],
        start: (context) => ({ judge: () => finding('pass', { summary: String(context.facts(broken)) }) }),
      });
    const verdict = judge(
      { header, events: [note(1), note(2)] },
      { checks: [asking('one'), asking('other')] },
    );
    for (const id of ['one', 'other']) {
      expect(resultOf(verdict, id)).toMatchObject({
        outcome: 'unknown',
        summary: 'This check failed: no such room',
      });
    }
    expect(seen).toBe(1);
  });

  it('are folded once, however many checks use them', () => {
    let started = 0;
    const counted: Projection<number> = {
      ...{ id: 'counted', kinds: [] },
      start: () => ({ see: () => undefined, view: ++started }),
    };
    const checks = ['one', 'other'].map((id) => checkOf(id, finding('pass'), { uses: [counted] }));
    judge({ header, events: [] }, { checks });
    expect(started).toBe(1);
  });
});

describe('what a finding is worth where clocks may stand otherwise', () => {
  const judged = (outcome: 'pass' | 'fail' | 'unknown', others: readonly Outcome[] | null) => {
    const blames = [{ subject: 'session', id: '1' } as const];
    const check = checkOf('timed', finding(outcome, { figures: { aMs: 1 }, evidence: [note(1)], blames }));
    const judgement = judging(header, { checks: [check] });
    const outcomes = new Map(others === null ? [] : [['timed', new Set(others)]]);
    return resultOf(judgement.verdict(end, { ...about, doubt: { within: '5 ms', outcomes } }), 'timed');
  };

  it.each([
    ['pass', null],
    ['pass', ['pass']],
    ['pass', []],
    ['fail', ['fail']],
    ['unknown', ['pass', 'fail']],
  ] as const)('is what it is worth: %s where else it is %j', (outcome, others) => {
    expect(judged(outcome, others)).toMatchObject({ outcome, summary: `it is ${outcome}` });
  });

  it.each([
    ['pass', ['pass', 'fail']],
    ['fail', ['pass']],
    ['fail', ['fail', 'unknown']],
  ] as const)('is unknown, and shows what it showed: %s where else it is %j', (outcome, others) => {
    expect(judged(outcome, others)).toMatchObject({
      outcome: 'unknown',
      summary: `It depends on how the clocks of the files stand to each other, which is known to within 5 ms: it is ${outcome}`,
      ...{ figures: { aMs: 1 }, evidence: [note(1)] },
    });
  });
});

describe('the time of a history', () => {
  it('is that of its end, and where it has none that of its latest event', () => {
    const totalMs = (last: typeof end | null, ...events: Event[]) => {
      const judgement = judging(header, { checks: [] });
      for (const event of events) judgement.see(event);
      return judgement.verdict(last, about).figures.totalMs;
    };
    expect(totalMs(end, note(70))).toBe(50);
    expect(totalMs(null, note(7), note(70), note(8))).toBe(70);
    expect(totalMs(null)).toBe(0);
  });
});

describe('what became of each disruption', () => {
  it('is known when the verdict is, and not before', () => {
    const story = new Story();
    const judgement = judging(story.header);
    for (const event of story.events) judgement.see(event);
    expect(judgement.outcomes()).toEqual(new Map());
    judgement.verdict({ ...end, t: story.at.end }, about);
    expect(judgement.outcomes()).toEqual(new Map([[0, 'pass']]));
  });
});
