import { describe, expect, it } from 'vitest';
import { type Expected, variants } from 'outlast-reference/demo';
import { checks } from '../../src/judge/index.js';
import { failing, runDemo } from './support/demo.js';

// The manifest of the broken variants says for each, by kind of restart, exactly which checks fail. Nothing else may. Those
// that fail alike are run once here, under one kind of restart in turn; `npm run test:variants` runs every one under both.
const isEverything = process.env['OUTLAST_VARIANTS'] === 'all';
/** Enough for every fault to be met, and little work. What depends on chance, or on how much there is to do, is given as many as the demo has. */
const few = ['--sessions', '20'];
const everyCase = Object.entries(variants).flatMap(([name, { expected }], index) => {
  if ('rolling' in expected)
    return [{ name, kind: 'a rolling restart', args: [] as string[], expected: expected.rolling }];
  const many = [...expected.restart.fails, ...expected.crash.fails].includes('total');
  const both = [
    { name, kind: 'a graceful restart', args: many ? [] : few, expected: expected.restart },
    { name, kind: 'a crash', args: [...(many ? [] : few), '--crash'], expected: expected.crash },
  ];
  return index % 2 === 0 ? both : both.reverse();
});
const cases = isEverything ? everyCase : distinct(everyCase);

/** Those that fail as none before them, or show by a consequence what none before them showed. */
function distinct<T extends { readonly expected: Expected }>(all: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return all.filter(({ expected: { fails, consequences } }) => {
    const shown = [`fails ${[...fails].sort().join(' ')}`, ...consequences];
    const isNew = shown.some((one) => !seen.has(one));
    for (const one of shown) seen.add(one);
    return isNew;
  });
}

/** The demo makes no promise that a broken part could break here: see other-promises.test.ts. */
const notPromised = ['availability', 'connection-was-lost'];
const seenToFail = new Set(notPromised);

/** How long the whole run takes is the machine's affair where the variant is not slow itself. */
function onAnyMachine(found: ReturnType<typeof failing>, { fails, consequences }: Expected) {
  const isSlow = [...fails, ...consequences].includes('total');
  const without = (ids: readonly string[]) => ids.filter((id) => id !== 'total');
  return isSlow
    ? found
    : { ...found, fails: without(found.fails), consequences: without(found.consequences) };
}

// Two at a time: a run mostly waits, and a verdict must not depend on an idle machine.
describe.concurrent.each(cases)('$name under $kind', ({ name, args, expected }) => {
  it(
    expected.fails.length > 0 ? `fails ${expected.fails.join(', ')}` : 'passes: it cannot be shown',
    async () => {
      const run = await runDemo('--break', name, ...args);
      try {
        const { fails, consequences, unknown } = onAnyMachine(failing(run.verdict), expected);
        const results = run.verdict.tests.flatMap((test) => test.checks);
        for (const { id, outcome } of results) if (outcome === 'fail') seenToFail.add(id);
        const story = results
          .filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
          .map(({ id, summary, consequenceOf }) => `${id} (${consequenceOf ?? ''}): ${summary}`)
          .join('\n');
        expect(fails, story).toEqual([...expected.fails].sort());
        expect(expected.consequences, story).toEqual(expect.arrayContaining(consequences));
        expect(expected.unknown ?? [], story).toEqual(expect.arrayContaining(unknown));
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
