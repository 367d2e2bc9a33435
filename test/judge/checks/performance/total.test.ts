import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../../src/history/events.js';
import { restarts, step, told, type Telling } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { ends, restarted } from '../restarted.js';

const id = 'total';
const budget = (totalMs: number) => ({ contract: { budgets: { totalMs } } });
const stall = (t: number, ms: number): EventOf<'stall'> => ({ t, kind: 'stall', ms });
const said = (totalMs: number, ...events: readonly Telling[]) =>
  whole(restarted(budget(totalMs), ...events), id);

describe('total', () => {
  it('passes at its budget, fails above it, and shows the end', () => {
    expect(said(3_000)).toEqual({
      is: 'pass',
      says: 'Everything took 3 s (may take 3 s)',
      figures: { totalMs: 3_000, budgetMs: 3_000 },
      shows: 'end@3000',
      blames: '',
    });
    expect(said(2_999)).toMatchObject({ is: 'fail', figures: { totalMs: 3_000, budgetMs: 2_999 } });
  });

  it.each(['interrupted', 'failed'] as const)('is unknown of a run that was %s', (how) => {
    const story = told({}, restarts(1_000, 1_100), { ...ends, how });
    expect(whole(story, id)).toEqual({
      is: 'unknown',
      says: 'The run did not come to its end, so it is not known how long it takes',
      figures: {},
      shows: '',
      blames: '',
    });
  });

  describe('leaves out', () => {
    const held = [step(1_200, 'held'), step(1_700, 'released')];

    it('for how long the target was kept from working on purpose', () => {
      expect(said(2_500, held)).toEqual({
        is: 'pass',
        says: 'Everything took 2.5 s (may take 2.5 s), besides 500 ms that the disruption was told to take',
        figures: { totalMs: 2_500, budgetMs: 2_500, heldMs: 500 },
        shows: 'end@3000',
        blames: '',
      });
    });

    const watched = (...events: readonly EventOf<'disruption'>[]) =>
      whole(
        told(
          budget(9_000),
          events.map((event) => ({ ...event, type: 'watch' })),
          ends,
        ),
        id,
      ).figures;

    it('for how long somebody took to begin, as it was watched', () => {
      expect(watched(...restarts(1_000, 1_100))).toMatchObject({ totalMs: 2_999, heldMs: 1 });
      expect(
        watched(step(1_000, 'begin'), step(1_800, 'signal'), step(1_900, 'held'), step(2_400, 'released')),
      ).toMatchObject({
        totalMs: 1_700,
        heldMs: 1_300,
      });
    });

    it('all that was waited for somebody who never began', () => {
      expect(watched(step(1_000, 'begin'))).toMatchObject({ totalMs: 1_000, heldMs: 2_000 });
    });
  });

  describe('where this program itself stood still', () => {
    it('is unknown if it might have been in time but for that', () => {
      expect(said(2_500, stall(2_000, 500))).toEqual({
        is: 'unknown',
        says: 'Everything took 3 s (may take 2.5 s), of which this program itself stood still for 500 ms',
        figures: { totalMs: 3_000, budgetMs: 2_500, stalledMs: 500 },
        shows: 'end@3000',
        blames: '',
      });
      expect(said(2_500, stall(2_000, 499))).toMatchObject({ is: 'fail', figures: { stalledMs: 499 } });
    });

    it('is given no time twice: what the target was held anyway is off already', () => {
      const held = [step(1_200, 'held'), step(1_700, 'released')];
      expect(said(2_400, held, stall(1_600, 300))).toMatchObject({
        is: 'fail',
        figures: { totalMs: 2_500, heldMs: 500 },
      });
      expect(said(2_400, held, stall(1_800, 200))).toMatchObject({
        is: 'unknown',
        figures: { totalMs: 2_500, heldMs: 500, stalledMs: 100 },
      });
    });

    it('passes if it was in time even so', () => {
      expect(said(3_000, stall(2_000, 500))).toMatchObject({ is: 'pass', figures: { stalledMs: 500 } });
    });
  });
});
