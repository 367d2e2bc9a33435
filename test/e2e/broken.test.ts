import { describe, expect, it } from 'vitest';
import { variants } from 'outlast-reference/demo';
import { checks } from '../../src/judge/index.js';
import { failing, runDemo } from './support/demo.js';

// The manifest of the broken variants says for each, by kind of restart, exactly which checks fail. Nothing else may. A variant
// that fails the same way under both kinds is run under one of them, in turn; `npm run test:variants` runs it under both.
const isEverything = process.env['OUTLAST_VARIANTS'] === 'all';
const cases = Object.entries(variants).flatMap(([name, { expected }], index) => {
  if ('rolling' in expected)
    return [{ name, kind: 'a rolling restart', args: [] as string[], expected: expected.rolling }];
  const both = [
    { name, kind: 'a graceful restart', args: [] as string[], expected: expected.restart },
    { name, kind: 'a crash', args: ['--crash'], expected: expected.crash },
  ];
  const isSame = JSON.stringify(expected.restart) === JSON.stringify(expected.crash);
  return isSame && !isEverything ? both.slice(index % 2, (index % 2) + 1) : both;
});

/** The demo makes no promise that a broken part could break here: see other-promises.test.ts. */
const notPromised = ['availability', 'connection-was-lost'];
const seenToFail = new Set(notPromised);

// Two at a time: a run mostly waits, and a verdict must not depend on an idle machine.
describe.concurrent.each(cases)('$name under $kind', ({ name, args, expected }) => {
  it(
    expected.fails.length > 0 ? `fails ${expected.fails.join(', ')}` : 'passes: it cannot be shown',
    async () => {
      const run = await runDemo('--break', name, ...args);
      try {
        const { fails, consequences, unknown } = failing(run.verdict);
        const results = run.verdict.tests.flatMap((test) => test.checks);
        for (const { id, outcome } of results) if (outcome === 'fail') seenToFail.add(id);
        const story = results
          .filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
          .map(({ id, summary, consequenceOf }) => `${id} (${consequenceOf ?? ''}): ${summary}`)
          .join('\n');
        expect(fails, story).toEqual([...expected.fails].sort());
        expect(expected.consequences, story).toEqual(expect.arrayContaining(consequences));
        expect(unknown, story).toEqual([]);
        expect(run.exitCode).toBe(expected.fails.length > 0 ? 1 : 0);
        if (expected.fails.length === 0) expect(run.stderr).toContain('cannot show this fault');
      } finally {
        await run.clear();
      }
    },
  );
});

describe('the broken variants together', () => {
  it('fail every check at least once', () => {
    expect(checks.map(({ id }) => id).filter((id) => !seenToFail.has(id))).toEqual([]);
  });
});
