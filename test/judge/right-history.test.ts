import { describe, expect, it } from 'vitest';
import { having, judge, Story } from './story.js';

describe('a right history', () => {
  it('passes every check of every test, and those of balancers are skipped where there is one replica', () => {
    const verdict = judge(new Story());
    const told = verdict.tests.flatMap(({ checks }) =>
      checks.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'skipped'),
    );
    expect(having(verdict, 'skipped')).toHaveLength(6);
    expect(told.map(({ id, outcome, summary }) => `${id} ${outcome}: ${summary}`)).toEqual([]);
    expect(verdict.outcome).toBe('pass');
    expect(having(verdict, 'pass')).toHaveLength(37);
  });
});
