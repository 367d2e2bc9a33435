import { describe, expect, it } from 'vitest';
import { disruptionsInWords, unmetOf } from '../../../src/judge/derived/met.js';
import { timeline } from '../../../src/judge/facts/timeline.js';
import { restarts, step, telling } from './telling.js';

const planned = { type: 'restart', services: ['backend'], holdsConnections: true };
const disruptions = [planned, { ...planned, lacks: { graceful: 'it is killed' } }, planned, planned];
const context = telling(
  { disruptions },
  restarts(99, 200),
  restarts(299, 400, { disruption: 1 }),
  restarts(499, 600, { disruption: 2 }),
  step(699, 'begin', { disruption: 3 }),
);
const all = context.facts(timeline).disruptions;
const unmet = (facets: Parameters<typeof unmetOf>[1], ...met: readonly number[]) =>
  unmetOf(
    context,
    facets,
    all.filter(({ index }) => met.includes(index)),
  ).map(({ index }) => index);

describe('what was met of the disruptions', () => {
  it('is asked of those that struck', () => {
    expect(unmet([])).toEqual([0, 1, 2]);
    expect(unmet([], 0, 2)).toEqual([1]);
    expect(unmet([], 0, 1, 2)).toEqual([]);
  });

  it('is asked of those that show all of it', () => {
    expect(unmet(['graceful'])).toEqual([0, 2]);
    expect(unmet(['restart', 'graceful'], 0)).toEqual([2]);
  });

  it('is told by numbers from 1', () => {
    expect(disruptionsInWords(context, all.slice(1, 2))).toBe('disruption 2 of 4');
    expect(disruptionsInWords(context, all.slice(1, 3))).toBe('disruptions 2 and 3 of 4');
  });
});
