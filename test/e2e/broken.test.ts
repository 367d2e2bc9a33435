import { describe, expect, it } from 'vitest';
import { type Expected, together, type Variant, variants } from 'outlast-reference/demo';
import { checks } from '../../src/judge/index.js';
import { failing, runDemo } from './support/demo.js';

// The manifest of the broken variants says for each, by kind of restart, exactly which checks fail. Nothing else may. Here
// every check is seen to fail, where parts that have nothing to do with each other are broken in one run: then the checks of
// each fail, and no more. `npm run test:variants` runs every variant alone, under both kinds of restart.
const isEverything = process.env['OUTLAST_VARIANTS'] === 'all';
/** Enough for every fault to be met, and little work. What depends on chance, or on how much there is to do, is given as many as the demo has. */
const few = ['--sessions', '20'];

type Kind = keyof typeof kinds;
type Names = readonly [string, ...string[]];
const kinds = {
  restart: { kind: 'a graceful restart', args: [] },
  crash: { kind: 'a crash', args: ['--crash'] },
  rolling: { kind: 'a rolling restart', args: [] },
} as const;

const broken: readonly (readonly [Kind, ...Names])[] = [
  ['crash', 'ack-before-commit', 'forgets-session-data'],
  ['restart', 'memory-log', 'exits-dirty'],
  ['restart', 'no-idempotency', 'accepts-unsigned-at-start', 'answers-cut-short'],
  ['crash', 'false-resume', 'forgets-profile', 'answers-repeat-a-part'],
  ['restart', 'leaks-rooms', 'forgets-revocations', 'no-drain'],
  ['restart', 'orders-by-clock', 'shows-the-token', 'closes-wrong-code'],
  ['crash', 'truncates', 'swaps-identity', 'resumes-anyone'],
  ['restart', 'renumbers', 'cancels-in-memory', 'slow-start'],
  ['crash', 'doubles-on-rehydration', 'newest-session-only'],
  ['restart', 'replay-off-by-one', 'expires-early-at-start', 'cuts-requests'],
  ['restart', 'signs-everyone-out', 'stores-refused'],
  ['crash', 'orphans-a-thread'],
  ['restart', 'refuses-returners'],
  ['crash', 'works-once'],
  ['crash', 'slow-return'],
  ['restart', 'slow-first-message'],
  ['crash', 'slow-records'],
  ['rolling', 'looks-once'],
  ['rolling', 'first-ready'],
  ['rolling', 'drops-on-change', 'strangers-refused'],
  ['rolling', 'short-idle', 'own-messages-only'],
];

const everyOne = Object.entries(variants).flatMap(([name, { expected }]) =>
  (Object.keys(expected) as Kind[]).map((kind) => [kind, name] as const),
);

const cases = (isEverything ? everyOne : broken).map(([kind, ...names]) => {
  const { restartsNeeded = 1, ...variant } = together(names);
  const expected = expectedOf(kind, variant);
  const many = kind === 'rolling' || expected.fails.includes('total');
  const args = [...kinds[kind].args, ...(many ? [] : few), '--restarts', String(restartsNeeded)];
  return { name: names.join(','), kind: kinds[kind].kind, args, expected };
});

function expectedOf(kind: Kind, { expected }: Pick<Variant, 'expected'>): Expected {
  if ('rolling' in expected) return expected.rolling;
  return kind === 'crash' ? expected.crash : expected.restart;
}

/** The demo makes no promise that a broken part could break here: see other-promises.test.ts. */
const notPromised = ['availability', 'connection-was-lost'];
const seenToFail = new Set(notPromised);

const timings = ['reconnect-time', 'recovery', 'restart', 'total'];

/**
 * How long the whole run takes is the machine's affair where the variant is not slow itself; so is what a machine that stood
 * still leaves unknown of any time, and what a late start makes late after it.
 */
function onAnyMachine(found: ReturnType<typeof failing>, { fails, consequences }: Expected) {
  const expected = [...fails, ...consequences];
  const without = (left: readonly string[], ids: readonly string[]) =>
    ids.filter((id) => expected.includes(id) || !left.includes(id));
  return {
    fails: without(['total'], found.fails),
    consequences: without(timings, found.consequences),
    unknown: without(timings, found.unknown),
  };
}

describe.each(cases)('$name under $kind', ({ name, args, expected }) => {
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
