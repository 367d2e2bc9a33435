import { describe, expect, it } from 'vitest';
import type { PlannedSession } from '../../../src/history/events.js';
import { givenAgainInWords } from '../../../src/judge/derived/given-again.js';
import { idOf, reading, restarts, says, step, telling, type Telling } from './telling.js';

describe('messages that were lost, and whose number names another', () => {
  const said = (number: number, t: number, position: string) => says(t, '1', number, { position });
  const lost = new Set([1, 2].map((number) => idOf('1', number)));
  const words = (...events: readonly Telling[]) => givenAgainInWords(telling({}, ...events), lost);
  const before = said(1, 100, '5');
  const after = said(3, 2_000, '5');

  it('had been forgotten by the target, where the other one came after the restart', () => {
    expect(words(before, restarts(999, 1_200), after)).toBe(
      'the number of 1 of them was given again after the restart: it was not on disk when it was acknowledged',
    );
    const two = [said(2, 110, '6'), said(4, 2_010, '6')];
    expect(words(before, two, restarts(999, 1_200), after)).toBe(
      'the numbers of 2 of them were given again after the restart: they were not on disk when they were acknowledged',
    );
    const ids = [
      says(100, '1', 1, { position: '5', id: 'x' }),
      says(2_000, '1', 3, { position: '5', id: 'x' }),
    ];
    expect(words(ids, restarts(999, 1_200))).toContain('of 1 of them');
  });

  it('were forgotten by a crash, where the process was killed', () => {
    expect(words(before, restarts(999, 1_200, { signal: 'SIGKILL' }), after)).toContain('after the crash:');
    const mixed = [restarts(999, 1_200), restarts(999, 1_200, { replica: 1, signal: 'SIGKILL' })];
    expect(words(before, mixed, after)).toContain('after the crash:');
  });

  it('had not been forgotten by it, where both came on one side of it', () => {
    expect(words(before, after)).toBeNull();
    expect(words(before, step(999, 'begin'), after)).toBeNull();
    expect(words(said(1, 100, '5'), said(3, 200, '5'), restarts(999, 1_200))).toBeNull();
    expect(words(said(1, 999, '5'), after, restarts(999, 1_200))).not.toBeNull();
    expect(words(said(1, 1_000, '5'), after, restarts(999, 1_200))).toBeNull();
    expect(words(before, said(3, 999, '5'), restarts(999, 1_200))).toBeNull();
    expect(words(before, said(3, 1_000, '5'), restarts(999, 1_200))).not.toBeNull();
    const second = restarts(2_999, 3_200, { disruption: 1 });
    expect(words(said(1, 1_500, '5'), restarts(999, 1_200), second, said(3, 4_000, '5'))).not.toBeNull();
  });

  it('are not meant where they were not lost, or a later read shows them', () => {
    expect(words(said(9, 100, '5'), restarts(999, 1_200), after)).toBeNull();
    const stored = reading(3_000, 'after', [{ of: ['1', 1] }]);
    expect(words(before, restarts(999, 1_200), after, stored)).toBeNull();
    const earlier = reading(500, 'before', [{ of: ['1', 1], position: '5' }]);
    expect(words(before, restarts(999, 1_200), after, earlier)).not.toBeNull();
    const old: readonly PlannedSession[] = [{ session: '1', role: 'chatter', rooms: ['r1'] }];
    const retired = [
      said(8, 100, '5'),
      said(9, 80_000, '6'),
      restarts(160_000, 160_200),
      said(3, 170_000, '5'),
    ];
    expect(givenAgainInWords(telling({ sessions: old }, retired), lost)).toBeNull();
  });
});
