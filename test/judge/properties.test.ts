import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../src/base/random.js';
import type { Event, EventOf } from '../../src/history/events.js';
import { interleaved } from './interleaved.js';
import { adding, changing, having, judge, resultOf, Story, without, type Told } from './story.js';

const plots = fc.record({
  seed: fc.string(),
  rooms: fc.integer({ min: 1, max: 3 }),
  chatters: fc.integer({ min: 2, max: 3 }),
  everyMs: fc.integer({ min: 4, max: 18 }),
  downMs: fc.integer({ min: 40, max: 1_500 }),
});
type Drawn = typeof plots extends fc.Arbitrary<infer T> ? T : never;

const storyOf = ({ seed, ...plot }: Drawn) => new Story({ ...plot, random: seeded(seed) });
const isPick =
  <K extends Event['kind']>(kind: K) =>
  (event: Event): event is EventOf<K> =>
    event.kind === kind;
const few = { numRuns: 20 };

/** One of the events of a kind that fit, as drawn. */
function picked<K extends Event['kind']>(
  { events }: Told,
  kind: K,
  share: number,
  fits: (event: EventOf<K>) => boolean,
): EventOf<K> {
  const all = events.filter(isPick(kind)).filter(fits);
  const found = all[Math.floor(share * all.length)];
  if (!found) throw new Error(`nothing of kind ${kind} to plant a fault in`);
  return found;
}

const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const senderOf = ({ message }: EventOf<'receive'>) => message?.split('.')[1];

describe('whatever a right run looks like', () => {
  it('every check passes', () => {
    fc.assert(
      fc.property(plots, (plot) => {
        const verdict = judge(storyOf(plot));
        expect([...having(verdict, 'fail'), ...having(verdict, 'unknown')]).toEqual([]);
      }),
      few,
    );
  });

  it('cut short anywhere, nothing fails and the verdict is unknown', () => {
    fc.assert(
      fc.property(plots, share, (plot, at) => {
        const { header, events } = storyOf(plot);
        const verdict = judge({ header, events: events.slice(0, Math.floor(at * events.length)) });
        expect(having(verdict, 'fail')).toEqual([]);
        expect(verdict.outcome).toBe('unknown');
      }),
      few,
    );
  });

  it('it does not matter in which order the lines of different sessions stand', () => {
    fc.assert(
      fc.property(plots, fc.string(), (plot, seed) => {
        const story = storyOf(plot);
        const outcomes = (told: Told) => {
          const { tests, figures, disruptions } = judge(told);
          const checks = tests.flatMap((test) =>
            test.checks.map(({ id, outcome, figures: own }) => [id, outcome, own]),
          );
          return { checks, figures, disruptions };
        };
        expect(outcomes(interleaved(story, seeded(seed)))).toEqual(outcomes(story));
      }),
      few,
    );
  });
});

describe('a fault planted anywhere is found', () => {
  it('a message that one reader misses', () => {
    fc.assert(
      fc.property(plots, share, (plot, at) => {
        const story = storyOf(plot);
        const isCanary = canariesOf(story);
        const receipt = picked(story, 'receive', at, ({ message }) => !isCanary.has(message ?? ''));
        const found = resultOf(judge(without(story, (event) => event === receipt)), 'messages-lost');
        expect(found.outcome).toBe('fail');
        expect(found.summary).toContain(`session ${receipt.session} never received 1 message`);
        expect(found.summary).toContain(`acknowledged to session ${senderOf(receipt) ?? ''}`);
      }),
      few,
    );
  });

  it('a message that comes twice on one connection', () => {
    fc.assert(
      fc.property(plots, share, (plot, at) => {
        const story = storyOf(plot);
        const receipt = picked(story, 'receive', at, () => true);
        const verdict = judge(adding(story, { ...receipt, t: receipt.t + 0.0001 }));
        expect(having(verdict, 'fail')).toEqual(['messages-duplicated']);
      }),
      few,
    );
  });

  it('a text that is cut on its way, or in the log', () => {
    fc.assert(
      fc.property(plots, share, (plot, at) => {
        const story = storyOf(plot);
        const receipt = picked(story, 'receive', at, () => true);
        const arrived = changing(story, (event) =>
          event === receipt ? { ...receipt, digest: 'cut' } : event,
        );
        expect(having(judge(arrived), 'fail')).toEqual(['messages-altered']);
        const stored = picked(story, 'stored', at, ({ read }) => read.endsWith('-after'));
        const kept = changing(story, (event) => (event === stored ? { ...stored, digest: 'cut' } : event));
        expect(having(judge(kept), 'fail')[0]).toBe('messages-altered');
      }),
      few,
    );
  });

  it('an acknowledged message that vanishes from the log', () => {
    fc.assert(
      fc.property(plots, share, (plot, at) => {
        const story = storyOf(plot);
        const stored = picked(story, 'stored', at, ({ read }) => read.endsWith('-after'));
        const gone = changing(story, (event) => {
          if (event === stored) return [];
          const isEnd = event.kind === 'read-end' && event.read === stored.read;
          return isEnd ? { ...event, count: event.count - 1 } : event;
        });
        const verdict = judge(gone);
        expect(resultOf(verdict, 'log-kept')).toMatchObject({ outcome: 'fail', figures: { vanished: 1 } });
        expect(
          having(verdict, 'fail').filter((id) => resultOf(verdict, id).consequenceOf === undefined),
        ).toEqual(['log-kept']);
      }),
      few,
    );
  });

  it('a message shown to a session of another room', () => {
    fc.assert(
      fc.property(
        plots.filter(({ rooms }) => rooms > 1),
        share,
        (plot, at) => {
          const story = storyOf(plot);
          const receipt = picked(story, 'receive', at, ({ room }) => room === 'r1');
          const other = picked(story, 'receive', at, ({ room }) => room === 'r2');
          const verdict = judge(adding(story, { ...receipt, session: other.session }));
          expect(having(verdict, 'fail')).toEqual(['messages-leaked']);
        },
      ),
      few,
    );
  });
});

const canariesOf = ({ events }: Told) =>
  new Set(
    events.flatMap((event) => (event.kind === 'send' && event.purpose === 'canary' ? [event.message] : [])),
  );
