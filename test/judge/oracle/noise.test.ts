import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { interleaved } from '../interleaved.js';
import { judge, resultOf, type Told } from '../story.js';
import { both, eventful, plots, share, storyOf, times, twice } from './drawn.js';
import { faults } from './faults.js';
import { faultsAtTheLast } from './faults-at-the-last.js';
import { anywhere, atTheLast, type Fault } from './ground.js';
import { noises } from './noise.js';

const steps = fc.array(fc.record({ name: fc.constantFrom(...Object.keys(noises)), share }), {
  minLength: 1,
  maxLength: 2,
});

/** These faults lie in one room, and so does all that shows them; a leak lies between two. */
const isOfMessages = ({ finds }: Fault) =>
  (finds.startsWith('messages-') && finds !== 'messages-leaked') || finds === 'log-kept';

/** A history with one of the faults that fit, by its only restart or by the second of two. */
const faulty = (fits: (fault: Fault) => boolean) => {
  const planted = fc
    .tuple(fc.constantFrom(...faults.filter(fits)), eventful, share)
    .map(([{ finds, plant }, plot, where]) => ({
      ...{ finds, seed: plot.seed, told: plant(anywhere(storyOf(plot)), where) },
    }));
  const atTheSecond = fc
    .tuple(fc.constantFrom(...faultsAtTheLast.filter(fits)), twice, share)
    .map(([{ finds, plant }, plot, where]) => ({
      ...{ finds, seed: plot.seed, told: plant(atTheLast(storyOf(plot)), where) },
    }));
  return fc.oneof(planted, atTheSecond);
};

/** The same histories in each run of the tests. */
const howFar = { numRuns: 15 * times, ...(times === 1 && { seed: 1 }) };

describe('whatever a history lacks or has twice', () => {
  it(
    'check and oracle say the same',
    () => {
      fc.assert(
        fc.property(plots, steps, (plot, all) => {
          let told: Told = storyOf(plot);
          for (const { name, share: where } of all) told = noises[name]?.(told, where) ?? told;
          const { checks, oracles } = both(told);
          expect(checks).toEqual(oracles);
        }),
        howFar,
      );
    },
    600_000 * times,
  );

  it(
    'a fault is found alike, in whatever order the lines of different sessions stand',
    () => {
      fc.assert(
        fc.property(
          faulty(() => true),
          ({ finds, seed, told }) => {
            const { outcome, figures } = resultOf(judge(told), finds);
            expect(outcome).toBe('fail');
            expect(resultOf(judge(interleaved(told, seeded(seed))), finds)).toMatchObject({
              outcome,
              figures,
            });
          },
        ),
        { numRuns: 8 * times },
      );
    },
    120_000 * times,
  );

  it(
    'a fault is found alike where rooms that it does not concern are left out',
    () => {
      fc.assert(
        fc.property(faulty(isOfMessages), ({ finds, told }) => {
          const found = resultOf(judge(told), finds);
          const rooms = [1, 2].map((room) => resultOf(judge(without(told, `r${room}`)), finds));
          const alone = rooms.filter(({ outcome }) => outcome === 'fail');
          expect(alone).toHaveLength(1);
          expect(alone[0]).toMatchObject({ evidence: found.evidence });
        }),
        { numRuns: 8 * times },
      );
    },
    120_000 * times,
  );
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
