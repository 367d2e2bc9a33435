import { describe, expect, it } from 'vitest';
import type { Event, EventOf, TestId } from '../../src/history/events.js';
import { judging, type Check, type Finding } from '../../src/judge/index.js';
import { checkOf, finding, headerWithout } from './checking.js';
import { header } from './facts/view-of.js';
import { resultOf } from './story.js';

const about = { judgedAt: '2026-01-02T00:00:00.000Z' };
const completed = { t: 50, kind: 'end', how: 'completed' } as const;
const check = (id: string, outcome: Finding['outcome'], more: Partial<Check> = {}) =>
  checkOf(id, finding(outcome, { summary: `says ${id}` }), more);

interface Given {
  readonly checks?: readonly Check[];
  readonly end?: EventOf<'end'> | null;
  readonly tests?: readonly TestId[];
  readonly events?: readonly Event[];
  readonly lacks?: Parameters<typeof headerWithout>[0];
}

function verdict({ checks = [], end = completed, tests = ['session'], events = [], lacks = {} }: Given = {}) {
  const planned = headerWithout(lacks);
  const judgement = judging({ ...planned, plan: { ...planned.plan, tests } }, { checks });
  for (const event of events) judgement.see(event);
  return judgement.verdict(end, about);
}

describe('a verdict', () => {
  it('says of which run it is, who wrote its history, and when it was judged', () => {
    const { run, seed, writer, epoch } = header;
    expect(verdict()).toMatchObject({
      outlast: 1,
      run,
      seed,
      writer,
      startedAt: epoch,
      judgedAt: about.judgedAt,
    });
  });

  it('has a result of every test that was asked for, with its own checks', () => {
    const checks = [check('a', 'pass'), check('b', 'fail', { test: 'token' }), check('c', 'pass')];
    const { tests } = verdict({ checks, tests: ['token', 'session'] });
    expect(tests.map((test) => [test.id, test.outcome, ...test.checks.map(({ id }) => id)])).toEqual([
      ['token', 'fail', 'b'],
      ['session', 'pass', 'a', 'c'],
    ]);
  });

  it('has no notes where nobody noted anything', () => {
    expect(verdict().notes).toEqual([]);
  });

  it('gives no reason where it passes or fails: its tests do', () => {
    expect(verdict({ checks: [check('a', 'pass')] })).not.toHaveProperty('reason');
    expect(verdict({ checks: [check('a', 'fail'), check('b', 'unknown')] })).not.toHaveProperty('reason');
  });

  it('that is unknown gives the first test for a reason of which it is', () => {
    const checks = [
      ...[
        check('a', 'pass'),
        check('b', 'unknown', { test: 'token' }),
        check('c', 'unknown', { test: 'reconnect' }),
      ],
    ];
    expect(verdict({ checks, tests: ['session', 'token', 'reconnect'] })).toMatchObject({
      ...{ outcome: 'unknown', reason: 'says b' },
    });
    expect(verdict({ tests: [] })).toMatchObject({ outcome: 'unknown', reason: 'no test was asked for' });
  });

  it('that is skipped gives the reasons of all of its tests', () => {
    const checks = [
      check('a', 'pass', { needs: ['log'] }),
      check('b', 'pass', { needs: ['tokens'], test: 'token' }),
    ];
    const told = verdict({
      checks,
      tests: ['session', 'token'],
      lacks: { log: 'no log', tokens: 'no tokens' },
    });
    expect(told).toMatchObject({ outcome: 'skipped', reason: 'no log and no tokens' });
  });
});

describe('the result of a check', () => {
  it('is what it found', () => {
    const evidence: Event[] = [{ t: 1, kind: 'note', text: '' }];
    const likely = { cause: 'c', next: 'n' };
    const found = finding('fail', { figures: { lost: 2 }, evidence, likely });
    expect(resultOf(verdict({ checks: [checkOf('a', found)] }), 'a')).toStrictEqual({
      ...{
        id: 'a',
        outcome: 'fail',
        binding: true,
        summary: 'it is fail',
        figures: { lost: 2 },
        evidence,
        likely,
      },
    });
  });

  it('has no word of what is likely, or of what explains it, where there is none', () => {
    expect(resultOf(verdict({ checks: [check('a', 'pass')] }), 'a')).toStrictEqual({
      ...{ id: 'a', outcome: 'pass', binding: true, summary: 'says a', figures: {}, evidence: [] },
    });
  });

  it('names the check that explains it', () => {
    const blames = [{ subject: 'session', id: '2' } as const];
    const checks = ['reconnected', 'came-back'].map((id) => checkOf(id, finding('fail', { blames })));
    const told = verdict({ checks });
    expect(resultOf(told, 'came-back').consequenceOf).toBe('reconnected');
    expect(resultOf(told, 'reconnected')).not.toHaveProperty('consequenceOf');
  });

  it('lets the room of a lost message explain it', () => {
    const message = 'abcd1234.1.1';
    const send: Event = { t: 1, session: '1', kind: 'send', due: 1, room: 'r1', message, digest: 'd' };
    const checks = [
      checkOf('messages-altered', finding('fail', { blames: [{ subject: 'room', id: 'r1' }] })),
      checkOf('messages-lost', finding('fail', { blames: [{ subject: 'message', id: message }] })),
    ];
    const explained = (...events: Event[]) =>
      resultOf(verdict({ checks, events }), 'messages-lost').consequenceOf;
    expect(explained(send)).toBe('messages-altered');
    expect(explained({ ...send, room: 'r2' })).toBeUndefined();
    expect(explained()).toBeUndefined();
    expect(explained({ t: 1, session: '1', kind: 'ack', message })).toBeUndefined();
    // Of a history whose messages could not be read no room is known.
    expect(explained(send, unreadable('receive', 'message'))).toBeUndefined();
  });

  it('is skipped for what the set-up lacks, and shows nothing', () => {
    const told = verdict({ checks: [check('a', 'fail', { needs: ['log'] })], lacks: { log: 'no log' } });
    expect(resultOf(told, 'a')).toStrictEqual({
      ...{ id: 'a', outcome: 'skipped', binding: true, summary: 'no log', figures: {}, evidence: [] },
    });
  });
});

describe('a test', () => {
  const unbound = { binds: () => false };

  it('is judged by what binds, and shows the rest', () => {
    const checks = [check('a', 'fail', unbound), check('b', 'pass')];
    expect(verdict({ checks }).tests).toMatchObject([
      { outcome: 'pass', headline: 'says b', checks: [{ id: 'a' }, {}] },
    ]);
  });

  it('is skipped where nothing that was judged binds', () => {
    const [test] = verdict({ checks: [check('a', 'fail', unbound)] }).tests;
    expect(test).toMatchObject({
      outcome: 'skipped',
      reason: 'the contract promises nothing that this test judges',
      headline: 'Skipped: the contract promises nothing that this test judges',
    });
  });

  it('is skipped for what it lacks where nothing was judged', () => {
    const checks = [
      check('a', 'fail', { needs: ['log'] }),
      check('b', 'fail', { needs: ['tokens'], test: 'token' }),
    ];
    const lacks = { log: 'no log', tokens: 'no tokens' };
    expect(verdict({ checks, lacks, tests: ['session', 'token'] }).tests).toMatchObject([
      { outcome: 'skipped', reason: 'no log' },
      { outcome: 'skipped', reason: 'no tokens' },
    ]);
  });
});

describe('the end of a run', () => {
  const ends = (how: EventOf<'end'>['how'], reason?: string) =>
    verdict({
      checks: [check('a', 'pass')],
      end: { t: 50, kind: 'end', how, ...(reason === undefined ? {} : { reason }) },
    });

  it.each(['interrupted', 'failed'] as const)(
    'that %s is unknown where all passes, for the reason that it gives',
    (how) => {
      expect(ends(how, 'SIGINT')).toMatchObject({ outcome: 'unknown', reason: 'SIGINT' });
      expect(ends(how).reason).toMatch(/^the run was /);
    },
  );

  it('that was skipped skips everything, for the reason that it gives', () => {
    const told = ends('skipped', 'nothing answers');
    expect(told).toMatchObject({ outcome: 'skipped', reason: 'nothing answers' });
    expect(told.tests).toMatchObject([{ outcome: 'skipped', reason: 'nothing answers' }]);
    expect(resultOf(told, 'a')).toMatchObject({ outcome: 'skipped', summary: 'nothing answers' });
    expect(ends('skipped').reason).toBe('the run was skipped');
    expect(verdict({ tests: [], end: { ...completed, how: 'skipped' } }).outcome).toBe('skipped');
  });

  it('that never came is unknown, and says so before all else', () => {
    const lost = { checks: [check('a', 'pass')], end: null };
    expect(verdict(lost)).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('without an end') as string,
    });
    expect(verdict({ ...lost, checks: [check('a', 'fail')] }).outcome).toBe('fail');
  });
});

/** An event with a field that throws when it is read: nothing that a decoder lets through. */
function unreadable(kind: string, field: string): Event {
  const event = { t: 1, session: '1', service: 'backend', kind };
  return Object.defineProperty(event, field, {
    get() {
      throw new Error(`no ${field}`);
    },
  }) as unknown as Event;
}

describe('facts that broke on a strange history', () => {
  it('leave the figures of the run empty', () => {
    const { figures } = verdict({ events: [unreadable('receive', 'message')] });
    expect(figures).toEqual({
      ...{ totalMs: 50, sessions: 0, disruptedSessions: 0, downtimeMs: null, deploysPerMonth: null },
      messages: { sent: 0, unoffered: 0, acknowledged: 0, received: 0, refused: 0, unsure: 0 },
    });
  });

  it('leave those of its disruptions out', () => {
    expect(verdict({ events: [unreadable('probe', 'service')] }).disruptions).toEqual([]);
  });

  it('leave its notes out, and not those of the reader', () => {
    const judgement = judging(header, { checks: [] });
    judgement.see(unreadable('note', 'text'));
    const { notes } = judgement.verdict(completed, { ...about, notes: ['torn'] });
    expect(notes).toEqual(['torn']);
  });
});
