import { describe, expect, it } from 'vitest';
import type { TestId } from '../../src/history/events.js';
import { headlineOf } from '../../src/judge/headlines.js';
import type { CheckResult } from '../../src/judge/verdict.js';

const result = (
  id: string,
  outcome: CheckResult['outcome'],
  more: Partial<CheckResult> = {},
): CheckResult => ({
  ...{ id, outcome, binding: true, summary: `says ${id}`, figures: {}, evidence: [] },
  ...more,
});

describe('the headline of a test that passed', () => {
  const speakers: [TestId, string[]][] = [
    ['session', ['came-back', 'identity-kept', 'no-second-login']],
    ['token', ['accepted-after', 'forged-refused', 'not-expired']],
    ['reconnect', ['reconnect-time', 'reconnected', 'connection-was-lost']],
    ['continuity', ['messages-lost', 'log-kept', 'thread-continues']],
    ['integrity', ['chat-log', 'user-data', 'session-data']],
  ];

  it.each(speakers)('of %s is what the first of those says that speak for it: %j', (test, ids) => {
    for (const [place, id] of ids.entries()) {
      const left = ['other', ...ids.slice(place).toReversed()].map((each) => result(each, 'pass'));
      expect(headlineOf(test, 'pass', left)).toBe(`says ${id}`);
    }
    expect(headlineOf(test, 'pass', [result('one', 'pass'), result('two', 'pass')])).toBe('says one');
  });

  it('is not what a check says that does not bind, or was skipped', () => {
    const others = [result('came-back', 'pass', { binding: false }), result('identity-kept', 'skipped')];
    expect(headlineOf('session', 'pass', [...others, result('close-code', 'pass')])).toBe('says close-code');
  });

  it('of performance is the four times that were asked for, of those that are known', () => {
    const times = [
      result('restart', 'pass', { figures: { maxMs: 1_000 } }),
      result('reconnect', 'pass', { figures: { maxMs: 200 } }),
      result('recovery', 'pass', { figures: { maxMs: 300 } }),
      result('total', 'pass', { figures: { totalMs: 9_000 } }),
    ];
    expect(headlineOf('performance', 'pass', times)).toBe(
      'Restart 1 s, reconnect 200 ms, recovery 300 ms, everything 9 s at most',
    );
    expect(headlineOf('performance', 'pass', times.slice(1, 3))).toBe(
      'Reconnect 200 ms, recovery 300 ms at most',
    );
    expect(headlineOf('performance', 'fail', [...times, result('availability', 'fail')])).toBe(
      'says availability',
    );
  });
});

describe('the headline of a test that did not pass', () => {
  it.each(['fail', 'unknown'] as const)('is the first %s that nothing else explains', (outcome) => {
    const results = [
      ...[result('a', 'pass'), result('b', outcome, { binding: false })],
      ...[result('c', outcome, { consequenceOf: 'd' }), result('d', outcome), result('e', outcome)],
    ];
    expect(headlineOf('session', outcome, results)).toBe('says d');
  });

  it('is the first of all where each is explained by something of another test', () => {
    const results = ['a', 'b'].map((id) => result(id, 'fail', { consequenceOf: 'restart' }));
    expect(headlineOf('session', 'fail', results)).toBe('says a');
  });

  it('is that nothing was judged where nothing was', () => {
    expect(headlineOf('session', 'fail', [])).toBe('Nothing of this test was judged');
  });
});
