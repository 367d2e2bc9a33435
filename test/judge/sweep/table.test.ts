import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atMostShare } from '../../../src/judge/sweep/bound.js';
import { kindOf, sweepTable, type LabelledRestart } from '../../../src/judge/sweep/table.js';

const distance = fc.option(fc.double({ min: 0, max: 100, noNaN: true }));
const restarts = fc.array(
  fc.record({
    disruption: fc.nat(20),
    type: fc.constantFrom('restart', 'crash'),
    signal: fc.constantFrom('SIGTERM', 'SIGKILL', null),
    struckAt: fc.nat(10_000),
    ...{ sendMs: distance, ackMs: distance, catchingUp: fc.nat(2), whileStarting: fc.boolean() },
    outcome: fc.constantFrom('pass', 'fail', 'unknown'),
  }),
);
const one = (changes: Partial<LabelledRestart>): LabelledRestart => ({
  ...{ disruption: 0, type: 'crash', signal: 'SIGKILL', struckAt: 0, sendMs: 3, ackMs: 3 },
  ...{ catchingUp: 0, whileStarting: false, outcome: 'pass', ...changes },
});

describe('the table of a sweep', () => {
  it('counts each restart once in each sort of distance, and in the row of its kind', () => {
    fc.assert(
      fc.property(restarts, (all) => {
        const rows = sweepTable(all);
        const sum = (when: string, of: 'n' | 'failed' | 'unknown') =>
          rows.filter((row) => row.when === when).reduce((total, row) => total + row[of], 0);
        for (const when of ['all', 'ack', 'send']) {
          expect(sum(when, 'n')).toBe(all.length);
          expect(sum(when, 'failed')).toBe(all.filter(({ outcome }) => outcome === 'fail').length);
          expect(sum(when, 'unknown')).toBe(all.filter(({ outcome }) => outcome === 'unknown').length);
        }
      }),
    );
  });

  it('bounds each row by its own number, and counts what is unknown against it', () => {
    const rows = sweepTable([one({}), one({ ackMs: 0.4 }), one({ ackMs: 0.2, outcome: 'unknown' })]);
    expect(rows.find(({ when }) => when === 'all')).toMatchObject({ n: 3, failed: 0, unknown: 1 });
    expect(rows.filter(({ when }) => when === 'ack')).toMatchObject([
      { toMs: 1, n: 2, unknown: 1 },
      { fromMs: 1, toMs: 5, n: 1, unknown: 0, atMost: 0.95 },
    ]);
  });

  it.each([
    ['SIGKILL', 'restart', 'killed'],
    [null, 'crash', 'killed'],
    ['SIGTERM', 'crash', 'killed'],
    ['SIGTERM', 'restart', 'graceful'],
    [null, 'restart', 'graceful'],
  ] as const)('takes one that struck with %s, a %s, for %s', (signal, type, kind) => {
    expect(kindOf({ signal, type })).toBe(kind);
    expect(new Set(sweepTable([one({ signal, type })]).map((row) => row.kind))).toEqual(new Set([kind]));
  });

  it('has no rows of a kind that there is not, and the graceful ones first, which are not started again', () => {
    expect(sweepTable([])).toEqual([]);
    const both = sweepTable([one({}), one({ signal: 'SIGTERM', type: 'restart' })]);
    expect(both.map(({ kind, when }) => `${kind} ${when}`)).toEqual([
      ...['graceful all', 'graceful ack', 'graceful send', 'graceful catching-up'],
      ...['killed all', 'killed ack', 'killed send', 'killed catching-up', 'killed starting'],
    ]);
  });

  it('puts each into the narrowest band of its distance, with the borders in the nearer one', () => {
    const bandOf = (ackMs: number | null) =>
      sweepTable([one({ ackMs })]).flatMap(({ when, fromMs, toMs }) =>
        when === 'ack' ? [[fromMs, toMs]] : [],
      );
    expect([0, 1].map(bandOf)).toEqual([[[undefined, 1]], [[undefined, 1]]]);
    expect([1.001, 5].map(bandOf)).toEqual([[[1, 5]], [[1, 5]]]);
    expect([5.001, 25].map(bandOf)).toEqual([[[5, 25]], [[5, 25]]]);
    expect([25.001, 9_000, null].map(bandOf)).toEqual([
      [[25, undefined]],
      [[25, undefined]],
      [[25, undefined]],
    ]);
    const [row] = sweepTable([one({ ackMs: 0.5 })]).filter(({ when }) => when === 'ack');
    expect(row).not.toHaveProperty('fromMs');
  });

  it('measures the two distances each by itself', () => {
    const rows = sweepTable([one({ ackMs: 0.5, sendMs: 3 })]);
    expect(rows.map(({ when, toMs, fromMs }) => [when, fromMs, toMs]).slice(1, 3)).toEqual([
      ['ack', undefined, 1],
      ['send', 1, 5],
    ]);
  });

  it('counts who was caught catching up, or starting, in the rows of that', () => {
    const rows = sweepTable([
      ...[one({}), one({ catchingUp: 2 }), one({ catchingUp: 1, outcome: 'fail' })],
      one({ whileStarting: true, outcome: 'unknown' }),
    ]);
    const row = (name: string) => rows.find(({ when }) => when === name);
    expect(row('catching-up')).toMatchObject({ n: 2, failed: 1, unknown: 0 });
    expect(row('starting')).toMatchObject({ n: 1, failed: 0, unknown: 1, atMost: 1 });
    expect(row('all')).toMatchObject({ n: 4, failed: 1, unknown: 1 });
  });

  it('bounds by what failed and what is unknown together', () => {
    const [all] = sweepTable([one({}), one({}), one({ outcome: 'fail' }), one({ outcome: 'unknown' })]);
    expect(all?.atMost).toBe(atMostShare(2, 4));
  });

  it('says of a sort of moment that none fell there, and leaves out distances that none had', () => {
    const rows = sweepTable([one({ ackMs: null, sendMs: 30 })]);
    expect(rows.map(({ when, n, fromMs }) => [when, n, fromMs])).toEqual([
      ['all', 1, undefined],
      ['ack', 1, 25],
      ['send', 1, 25],
      ['catching-up', 0, undefined],
      ['starting', 0, undefined],
    ]);
    expect(rows.at(-1)).toMatchObject({ atMost: 1 });
  });
});
