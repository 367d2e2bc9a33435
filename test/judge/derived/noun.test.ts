import { describe, expect, it } from 'vitest';
import { aboutIt, nounOf, titleOf } from '../../../src/judge/derived/noun.js';
import { restarts, telling } from './telling.js';

describe('the noun of a disruption', () => {
  it('is its own, or a restart', () => {
    expect(['outage', 'pause', 'network', 'command', 'watch'].map((type) => nounOf([type]))).toEqual([
      ...['outage', 'pause', 'network fault', 'deploy', 'deploy'],
    ]);
    expect(
      ['restart', 'crash', 'rolling restart', 'dependency', 'anything'].map((type) => nounOf([type])),
    ).toEqual(Array(5).fill('restart'));
    expect(nounOf([])).toBe('restart');
  });

  it('is one word for several of a kind, and for several kinds', () => {
    expect(nounOf(['pause', 'pause'])).toBe('pause');
    expect(nounOf(['command', 'watch'])).toBe('deploy');
    expect(nounOf(['pause', 'restart'])).toBe('disruptions');
  });

  it('is its type in a title, where that says what it is', () => {
    expect(['crash', 'rolling restart', 'network', 'dependency', 'pause', 'watch'].map(titleOf)).toEqual([
      ...['crash', 'rolling restart', 'network fault', 'restart', 'pause', 'deploy'],
    ]);
  });

  it('takes the place of the restart in a sentence', () => {
    const sentence = 'The restart hurt before the restart, and the restarts';
    const paused = restarts(999, 1_200).map((one) => ({ ...one, type: 'pause' }));
    expect(aboutIt(telling({}, paused), sentence)).toBe('The pause hurt before the pause, and the restarts');
    expect(aboutIt(telling({}, restarts(999, 1_200)), sentence)).toBe(sentence);
    expect(aboutIt(telling({}), sentence)).toBe(sentence);
  });
});
