import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { interleaved } from '../interleaved.js';
import { judge, resultOf, type Told } from '../story.js';
import { both, eventful, plots, share, storyOf } from './drawn.js';
import { faults } from './faults.js';
import { noises } from './noise.js';

const steps = fc.array(fc.record({ name: fc.constantFrom(...Object.keys(noises)), share }), {
  minLength: 1,
  maxLength: 2,
});

/** These faults lie in one room, and so does all that shows them; a leak lies between two. */
const ofMessages = faults.filter(
  ({ finds }) => (finds.startsWith('messages-') && finds !== 'messages-leaked') || finds === 'log-kept',
);

/** The same histories in each run of the tests; `ORACLE_RUNS=1000` looks for others. */
const runs = process.env['ORACLE_RUNS'];
const howFar = runs === undefined ? { numRuns: 15, seed: 1 } : { numRuns: Number(runs) };

describe('whatever a history lacks or has twice', () => {
  it('check and oracle say the same', () => {
    fc.assert(
      fc.property(plots, steps, (plot, all) => {
        let told: Told = storyOf(plot);
        for (const { name, share: where } of all) told = noises[name]?.(told, where) ?? told;
        const { checks, oracles } = both(told);
        expect(checks).toEqual(oracles);
      }),
      howFar,
    );
  }, 600_000);

  it('a fault is found alike, in whatever order the lines of different sessions stand', () => {
    fc.assert(
      fc.property(fc.constantFrom(...faults), eventful, share, (fault, plot, where) => {
        const planted = fault.plant(storyOf(plot), where);
        const { outcome, figures } = resultOf(judge(planted), fault.finds);
        expect(outcome).toBe('fail');
        expect(resultOf(judge(interleaved(planted, seeded(plot.seed))), fault.finds)).toMatchObject({
          outcome,
          figures,
        });
      }),
      { numRuns: 8 },
    );
  }, 120_000);

  it('a fault is found alike where rooms that it does not concern are left out', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ofMessages), eventful, share, (fault, plot, where) => {
        const planted = fault.plant(storyOf(plot), where);
        const found = resultOf(judge(planted), fault.finds);
        const rooms = [1, 2].map((room) => resultOf(judge(without(planted, `r${room}`)), fault.finds));
        const alone = rooms.filter(({ outcome }) => outcome === 'fail');
        expect(alone).toHaveLength(1);
        expect(alone[0]).toMatchObject({ evidence: found.evidence });
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});

/** As if nobody had been in that room. */
function without({ header, events }: Told, room: string): Told {
  const sessions = header.plan.sessions.filter(({ rooms }) => !rooms.includes(room));
  const left = new Set(sessions.map(({ session }) => session));
  return {
    header: { ...header, plan: { ...header.plan, sessions } },
    events: events.filter((event) => !('session' in event) || left.has(event.session)),
  };
}
