import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sweepTable, type LabelledRestart } from '../../../src/judge/sweep/table.js';

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
