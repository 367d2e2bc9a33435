import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { schedule, shuffled } from '../../../src/observe/workload/index.js';

const take = (count: number, senders: string[], perSecond: number, seed: string) => {
  const turns = schedule(senders, perSecond, seeded(seed));
  return Array.from({ length: count }, () => turns.next().value);
};

describe('the open-loop schedule', () => {
  it('is evenly spaced at the rate asked for, whatever happens to the messages', () => {
    const turns = take(200, ['1', '2', '3'], 100, 'seed');
    expect(turns.map(({ due }) => due)).toEqual(Array.from({ length: 200 }, (_, index) => index * 10));
  });

  it('lets everyone speak once in each round', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 20 }),
        fc.string(),
        (senders, seed) => {
          const turns = take(senders.length * 3, senders, 100, seed).map(({ sender }) => sender);
          for (let round = 0; round < 3; round++) {
            const spoken = turns.slice(round * senders.length, (round + 1) * senders.length);
            expect(spoken.toSorted()).toEqual(senders.toSorted());
          }
        },
      ),
    );
  });

  it('is the same for the same seed and another for another', () => {
    const senders = Array.from({ length: 20 }, (_, index) => String(index));
    expect(take(60, senders, 50, 'a')).toEqual(take(60, senders, 50, 'a'));
    expect(take(60, senders, 50, 'a')).not.toEqual(take(60, senders, 50, 'b'));
  });

  it('refuses to run for nobody', () => {
    expect(() => take(1, [], 100, 'seed')).toThrow('at least one sender');
  });

  it('shuffles without losing or doubling anyone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
        const byNumber = (a: number, b: number) => a - b;
        expect(shuffled(items, seeded(seed)).toSorted(byNumber)).toEqual(items.toSorted(byNumber));
      }),
    );
  });
});
