import fc from 'fast-check';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Contract } from '../../../src/contract/data.js';
import { seeded } from '../../../src/base/random.js';
import { judge, Story, type Told } from '../story.js';
import type { RestartPlot } from '../restart-story.js';
import { oracles } from './index.js';

/** `ORACLE_TIMES=20` draws twenty times as many histories, and others where they are the same in each run of the tests. */
export const times = Number(process.env['ORACLE_TIMES'] ?? 1);

const once = fc.record({
  seed: fc.string(),
  rooms: fc.integer({ min: 1, max: 2 }),
  chatters: fc.integer({ min: 2, max: 3 }),
  everyMs: fc.integer({ min: 15, max: 45 }),
  downMs: fc.integer({ min: 40, max: 400 }),
});

/** A restart, or an outage, a pause or a fault of the network that was told to last. */
const restart = fc
  .record({
    kind: fc.constantFrom('restart', 'restart', 'pause', 'network'),
    ownMs: fc.integer({ min: 40, max: 300 }),
    heldMs: fc.constantFrom(0, 0, 150, 700),
  })
  .map(({ kind, ownMs, heldMs }): RestartPlot => {
    const held = holdOf(kind, heldMs);
    return { kind, downMs: ownMs + held, heldMs: held };
  });

/** What restarts nothing shows only while it is held. */
const holdOf = (kind: RestartPlot['kind'], heldMs: number) =>
  kind === 'restart' ? heldMs : Math.max(heldMs, 100);

/** No window; one that everybody is away for longer than; some; nobody. */
const windows: readonly Contract['replayWindow'][] = [
  ...[{}, { ms: 30 }, { ms: 250 }, { ms: 60_000 }],
  ...[{ messages: 0 }, { messages: 4 }, { messages: 500 }, { ms: 250, messages: 500 }],
];

/** What may differ of a run with several restarts. */
const several = fc.record({
  restarts: fc.array(restart, { minLength: 1, maxLength: 2 }),
  away: fc.array(fc.constantFrom(undefined, 0, 1), { minLength: 2, maxLength: 2 }),
  tells: fc.boolean(),
  replayWindow: fc.constantFrom(...windows),
});

export const plots = fc
  .record({ plot: once, more: fc.option(several, { nil: undefined }) })
  .map(({ plot, more }) =>
    more ? { ...plot, ...more, everyMs: Math.min(plot.everyMs, 30), away: awayIn(more) } : plot,
  );

/** Nobody is away over a second restart where there is none. */
const awayIn = ({ away, restarts }: Severally) =>
  away.map((over) => (over === undefined || over < restarts.length ? over : undefined));
type Severally = typeof several extends fc.Arbitrary<infer T> ? T : never;

type Once = typeof once extends fc.Arbitrary<infer T> ? T : never;
export const storyOf = ({ seed, replayWindow = {}, ...plot }: Once & Partial<Severally>) =>
  new Story({ ...plot, random: seeded(seed), contract: exactlyOnce({ replayWindow, budgets }) });

/** Narrower than an outage lasts that was told to, and not than what the target takes itself. */
const budgets = { restartMs: 500, reconnectMs: 500, recoveryMs: 500 };

/** What the checks say, and what the oracles say, by check. */
export function both(told: Told) {
  const results = judge(told).tests.flatMap(({ checks }) => checks);
  const judged = results.filter(({ id, outcome }) => outcome !== 'skipped' && oracles[id] !== undefined);
  return {
    checks: Object.fromEntries(judged.map(({ id, outcome }) => [id, outcome])),
    oracles: Object.fromEntries(judged.map(({ id }) => [id, oracles[id]?.(told)])),
  };
}

/** Long enough that every fault can be planted, and costs somebody something. */
export const eventful = once.map((plot) => ({
  ...plot,
  rooms: 2,
  everyMs: 20,
  downMs: 200 + plot.downMs / 2,
}));
/** The same over two of them, the second of which is a restart that is slower by itself; either may be told to last besides. */
export const twice = fc
  .record({
    plot: eventful,
    first: fc.integer({ min: 60, max: 150 }),
    kind: fc.constantFrom('restart', 'pause', 'network'),
    held: fc.array(fc.constantFrom(0, 300), { minLength: 2, maxLength: 2 }),
    away: fc.array(fc.constantFrom(undefined, 1), { minLength: 2, maxLength: 2 }),
    tells: fc.boolean(),
  })
  .map(({ plot, first, kind, held: [drawn = 0, two = 0], away, tells }) => {
    const one = holdOf(kind, drawn);
    const restarts = [
      { kind, downMs: first + one, heldMs: one },
      { downMs: 450 + two, heldMs: two },
    ];
    return { ...plot, away, tells, restarts };
  });
export const share = fc.double({ min: 0, max: 0.999, noNaN: true });
