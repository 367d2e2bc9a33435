import { describe, expect, it } from 'vitest';
import { atLeastOnce } from '../../src/contract/contracts.js';
import { testIds, type Event, type Facet } from '../../src/history/events.js';
import { checkById, checks, judging, merge, type Check, type Projection } from '../../src/judge/index.js';
import { adding, changing, having, judge, lacking, resultOf, under, without, type Told } from './story.js';
import { right } from './stories.js';

const { ready } = right.at;

describe('the merge of outcomes', () => {
  it('lets fail beat unknown, unknown beat pass, and is neutral to what was skipped', () => {
    expect(merge(['pass', 'unknown', 'fail', 'skipped'])).toBe('fail');
    expect(merge(['pass', 'unknown', 'skipped'])).toBe('unknown');
    expect(merge(['pass', 'skipped'])).toBe('pass');
    expect(merge(['skipped'])).toBe('skipped');
  });

  it('takes nothing at all for unknown', () => {
    expect(merge([])).toBe('unknown');
  });
});

describe('the catalogue', () => {
  it('holds every check once, in the order of the six tests', () => {
    const ids = checks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const tests = checks.map(({ test }) => testIds.indexOf(test));
    expect(tests).toEqual([...tests].sort());
    expect(checkById('log-kept')?.test).toBe('continuity');
    expect(checkById('log-lost')).toBeUndefined();
  });

  it('explains every check: a question, how it is seen, causes and what to look at next', () => {
    for (const { about } of checks) {
      expect(about.question).toMatch(/^[A-Z].*\?$/);
      expect(about.seenBy).toMatch(/^[A-Z].*\.$/);
      expect(about.causes.length).toBeGreaterThan(0);
      expect(about.next.length).toBeGreaterThan(0);
      for (const line of [...about.causes, ...about.next]) expect(line).toMatch(/[.?]$/);
    }
  });

  it('names numbers of the catalogue of failure modes only', () => {
    for (const mode of checks.flatMap(({ about }) => about.modes)) {
      expect(mode).toBeGreaterThanOrEqual(1);
      expect(mode).toBeLessThanOrEqual(92);
    }
  });
});

describe('a facet that the set-up lacks', () => {
  // The story has one replica: checks of balancers are skipped for that before anything else.
  const pairs = checks.flatMap(({ id, needs }) =>
    needs
      .filter((need) => need === 'balancer' || !needs.includes('balancer'))
      .map((need): [string, Facet] => [id, need]),
  );

  it.each(pairs)('%s is skipped without %s, with the reason of the plan', (id, facet) => {
    const verdict = judge(lacking(right, facet));
    expect(resultOf(verdict, id)).toMatchObject({
      outcome: 'skipped',
      summary: `this set-up has no ${facet}`,
    });
    expect(verdict.outcome).toBe('pass');
  });

  it('skips a test of which nothing is left', () => {
    const { header, events } = right;
    const lacks = { 'user-records': 'no records', 'session-records': 'no records', log: 'no log' };
    const verdict = judge({
      header: { ...header, plan: { ...header.plan, without: { ...header.plan.without, ...lacks } } },
      events,
    });
    const integrity = verdict.tests.find(({ id }) => id === 'integrity');
    expect(integrity).toMatchObject({ outcome: 'skipped', reason: 'this set-up has no records and no log' });
    expect(verdict.outcome).toBe('pass');
  });

  it('says several reasons of one test in one short line, with the keys that change them', () => {
    const { header, events } = right;
    const lacks = {
      'user-records': 'the config names no record of the user (target.records)',
      'session-records': 'the config names no record of the session (target.records)',
      log: 'the config names no log of the service that can be read (target.log)',
    };
    const verdict = judge({
      header: { ...header, plan: { ...header.plan, without: { ...header.plan.without, ...lacks } } },
      events,
    });
    const integrity = verdict.tests.find(({ id }) => id === 'integrity');
    expect(integrity?.reason).toBe('the config names no records and no log (target.records, target.log)');
    expect(resultOf(verdict, 'log-kept').summary).toBe(lacks.log);
  });
});

describe('what the contract does not promise', () => {
  it('is judged and shown, and does not bind', () => {
    const receipt = right.events.find(({ kind, t }) => kind === 'receive' && t > ready + 60);
    const twice = receipt ? adding(right, { ...receipt, t: receipt.t + 1 }) : right;
    expect(judge(twice).outcome).toBe('fail');
    const verdict = judge(under(twice, atLeastOnce()));
    expect(resultOf(verdict, 'messages-duplicated')).toMatchObject({ outcome: 'fail', binding: false });
    expect(verdict.outcome).toBe('pass');
  });
});

describe('the end of a history', () => {
  const ending = (how: 'interrupted' | 'skipped' | 'failed', reason: string) =>
    changing(right, (event) => (event.kind === 'end' ? { ...event, how, reason } : event));

  it('is never better than unknown without one, and says so', () => {
    const verdict = judge(without(right, ({ kind }) => kind === 'end'));
    expect(verdict).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringMatching(/breaks off without an end/),
    });
    expect(resultOf(verdict, 'messages-lost')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/^The history breaks off without an end, so this is not proved: /),
    });
    expect(resultOf(verdict, 'connection-was-lost').outcome).toBe('pass');
  });

  it('judges what is there when the run was interrupted', () => {
    const verdict = judge(ending('interrupted', 'SIGINT'));
    expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'SIGINT' });
    expect(resultOf(verdict, 'messages-leaked').summary).toMatch(/^The run was interrupted \(SIGINT\)/);
    expect(having(verdict, 'fail')).toEqual([]);
  });

  it('still shows a failure', () => {
    const receipt = right.events.find(({ kind, t }) => kind === 'receive' && t > ready + 60);
    const leaked = receipt
      ? adding(ending('interrupted', 'SIGINT'), { ...receipt, session: '6' } as typeof receipt)
      : right;
    expect(judge(leaked).outcome).toBe('fail');
  });

  it('skips everything when the run was skipped, with its reason', () => {
    const { header } = right;
    const end = { t: 20, kind: 'end', how: 'skipped', reason: 'nothing answers at 127.0.0.1:8000' } as const;
    const verdict = judge({ header, events: [{ t: 0, kind: 'phase', phase: 'preflight' }, end] });
    expect(verdict).toMatchObject({ outcome: 'skipped', reason: 'nothing answers at 127.0.0.1:8000' });
    expect(new Set(verdict.tests.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
    expect(having(verdict, 'skipped')).toHaveLength(checks.length);
  });

  it('is unknown, and nothing fails, for a run that was given up before anything was disrupted', () => {
    const { header, events } = ending('failed', 'backend was never ready');
    const early = events.filter(({ t, kind }) => t < 1_000 || kind === 'end');
    const verdict = judge({ header, events: early });
    expect(having(verdict, 'fail')).toEqual([]);
    expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'backend was never ready' });
  });

  it('tells no restart of a disruption that was announced and never seen', () => {
    const isLater = (event: Event) => event.kind === 'disruption' && event.step !== 'begin';
    const [announced] = judge(without(right, isLater)).disruptions;
    expect(announced).toMatchObject({ type: 'restart', restarts: false, restartMs: null });
    expect(judge(right).disruptions[0]).toMatchObject({ type: 'restart', restarts: true });
  });

  it('is unknown, check by check, when nothing was restarted', () => {
    const verdict = judge(without(right, ({ kind }) => kind === 'disruption' || kind === 'probe'));
    expect(having(verdict, 'pass')).toEqual([]);
    expect(having(verdict, 'fail')).toEqual([]);
  });

  it('is unknown, check by check, for a history with a header and nothing else', () => {
    const verdict = judge({ header: right.header, events: [] });
    expect(having(verdict, 'unknown').length + having(verdict, 'skipped').length).toBe(checks.length);
    expect(verdict.figures).toMatchObject({ totalMs: 0, messages: { sent: 0 } });
  });
});

describe('a check that throws', () => {
  const base = checks[0];
  const throwing = (where: 'start' | 'see' | 'judge'): Check => ({
    ...(base ?? failing()),
    id: 'throws',
    test: 'session',
    needs: [],
    kinds: ['ack'],
    start: () => {
      if (where === 'start') throw new Error('at the start');
      return {
        see: () => {
          if (where === 'see') throw new Error('at an event');
        },
        judge: () => {
          throw new Error('at the end');
        },
      };
    },
  });

  it.each([
    ['start', 'at the start'],
    ['see', 'at an event'],
    ['judge', 'at the end'],
  ] as const)('in %s is unknown, and disturbs no other', (where, message) => {
    const verdict = judge(right, { checks: [throwing(where), ...checks] });
    expect(resultOf(verdict, 'throws')).toMatchObject({
      outcome: 'unknown',
      summary: `This check failed: ${message}`,
    });
    expect(resultOf(verdict, 'came-back').outcome).toBe('pass');
    expect(verdict.outcome).toBe('unknown');
  });

  it('because its facts threw is unknown as well', () => {
    const broken: Projection<number> = {
      id: 'broken',
      kinds: ['ack'],
      start: () => ({
        see() {
          throw new Error('no such room');
        },
        view: 0,
      }),
    };
    const asking: Check = {
      ...throwing('judge'),
      uses: [broken],
      start: (context) => ({
        judge: () => ({
          outcome: 'pass',
          summary: String(context.facts(broken)),
          figures: {},
          evidence: [],
          blames: [],
        }),
      }),
    };
    expect(resultOf(judge(right, { checks: [asking] }), 'throws').summary).toBe(
      'This check failed: no such room',
    );
    const unstated = { ...asking, uses: [] };
    expect(resultOf(judge(right, { checks: [unstated] }), 'throws').summary).toContain('not among those');
  });
});

describe('a verdict', () => {
  it('judges only the tests that are asked for', () => {
    const verdict = judge(right, { only: ['token'] });
    expect(verdict.tests.map(({ id }) => id)).toEqual(['token']);
    const { header, events } = right;
    const planned = {
      header: { ...header, plan: { ...header.plan, tests: ['token', 'session'] as const } },
      events,
    };
    expect(judge(planned).tests.map(({ id }) => id)).toEqual(['token', 'session']);
  });

  it('is the same for the same history, but for the time of judging', () => {
    const at = (judgedAt: string) => {
      const judgement = judging(right.header);
      for (const event of right.events) judgement.see(event);
      return judgement.verdict(right.events.find((event) => event.kind === 'end') ?? null, { judgedAt });
    };
    const [one, other] = [at('2026-01-01T00:00:00.000Z'), at('2027-01-01T00:00:00.000Z')];
    expect(JSON.stringify({ ...one, judgedAt: '' })).toBe(JSON.stringify({ ...other, judgedAt: '' }));
  });

  it('carries what the reader and the run noted', () => {
    const story: Told = adding(
      right,
      { t: 5, kind: 'note', text: 'users were given' },
      { t: 6, session: '2', kind: 'leak', where: 'close' },
    );
    const judgement = judging(story.header);
    for (const event of story.events) judgement.see(event);
    const { notes } = judgement.verdict(null, {
      judgedAt: '',
      notes: ['the last line is torn: 12 bytes dropped'],
    });
    expect(notes).toEqual([
      'the last line is torn: 12 bytes dropped',
      'users were given',
      'the target showed a secret in the reason of a close to session 2; it was removed from this history',
    ]);
  });

  it('counts what happened', () => {
    const { figures, disruptions } = judge(right);
    expect(figures).toMatchObject({ totalMs: right.at.end, sessions: 10, disruptedSessions: 6 });
    const { sent, unoffered, acknowledged } = figures.messages;
    const planned = right.events.filter(({ kind }) => kind === 'send').length;
    expect(unoffered).toBe(right.events.filter(({ kind }) => kind === 'unoffered').length);
    expect(unoffered).toBeGreaterThan(0);
    expect([sent, acknowledged]).toEqual([planned - unoffered, planned - unoffered]);
    expect(disruptions).toMatchObject([
      { type: 'restart', services: ['backend'], reconnectMs: { n: 6, p95: null } },
    ]);
  });

  it('headlines what failed first and is explained by nothing else', () => {
    const gone = without(right, ({ kind, t }) => kind === 'ready' && t > ready);
    const verdict = judge(gone);
    const session = verdict.tests.find(({ id }) => id === 'reconnect');
    expect(session?.headline).toBe(resultOf(verdict, 'reconnected').summary);
  });
});

function failing(): never {
  throw new Error('the catalogue is empty');
}
