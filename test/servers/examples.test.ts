import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/judge/verdict.js';
import { failing } from '../e2e/support/demo.js';
import { examples, measure } from './support/examples.js';
import { missing } from './support/needs.js';

// Every example, on the real server that it is about. What comes out is what its `cases.ts` says, every time.

for (const example of await examples()) {
  // Two at a time: a run mostly waits, and a verdict must not depend on an idle machine.
  describe.concurrent(`examples/${example.name}`, () => {
    for (const one of example.cases) {
      it(`${one.name}: ${one.expected.outcome}`, async ({ expect, skip }) => {
        const lack = await missing(one.needs, example.folder);
        if (lack !== null) skip(lack);
        const { verdict, exitCode, story } = await measure(example, one);
        const { fails, consequences, unknown } = failing(promised(verdict));
        const { outcome, perhaps = [], fails: expected } = one.expected;
        expect(verdict.outcome, story).toBe(outcome);
        expect(
          fails.filter((id) => !perhaps.includes(id)),
          story,
        ).toEqual([...expected].sort());
        expect([...perhaps, ...expected], story).toEqual(expect.arrayContaining(consequences));
        expect(
          unknown.filter((id) => !perhaps.includes(id)),
          story,
        ).toEqual([]);
        expect(exitCode).toBe(outcome === 'pass' ? 0 : 1);
      });
    }
  });
}

/** What the contract does not promise is shown, and expected by nobody. */
const promised = (verdict: Verdict): Verdict => ({
  ...verdict,
  tests: verdict.tests.map((test) => ({ ...test, checks: test.checks.filter(({ binding }) => binding) })),
});

describe('the examples', () => {
  it('are there', async () => {
    expect((await examples()).map(({ name }) => name)).not.toContain('own-service');
  });
});
