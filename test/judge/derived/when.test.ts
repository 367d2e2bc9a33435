import { describe, expect, it } from 'vitest';
import type { PlannedDisruption } from '../../../src/history/events.js';
import { whenInWords } from '../../../src/judge/derived/when.js';
import { restarts, step, telling, type Setting, type Telling } from './telling.js';

const planned: PlannedDisruption = { type: 'restart', services: ['backend'], holdsConnections: true };
const when = (times: readonly number[], ...events: readonly Telling[]) =>
  whenInWords(telling({}, ...(events.length > 0 ? events : [restarts(999, 1_200)])), times);

describe('where moments lie, in words', () => {
  it('is before the signal', () => {
    expect(when([960, 888])).toBe('40–112 ms before the signal');
    expect(when([1_000])).toBe('0 ms before the signal');
  });

  it('is while the service was restarting', () => {
    expect(when([1_001, 1_199])).toBe('while the service was restarting');
    expect(when([1_000, 1_100])).toBe('while the service was restarting');
    expect(when([1_100, 1_200])).toBe('up to 200 ms after the signal');
    expect(when([1_001], restarts(999, null))).toBe('while the service was restarting');
  });

  it('is after it was ready again', () => {
    expect(when([1_200])).toBe('0 ms after it was ready again');
    expect(when([1_240, 1_300])).toBe('40–100 ms after it was ready again');
  });

  it('is on both sides of the signal, or up to some time after it', () => {
    expect(when([960, 1_100])).toBe('between 40 ms before and 100 ms after the signal');
    expect(when([1_100, 1_300])).toBe('up to 300 ms after the signal');
    expect(when([1_000, 1_300])).toBe('up to 300 ms after the signal');
  });

  it('is of the first that was not over by then, or of the last', () => {
    const second = restarts(1_999, 2_200, { disruption: 1 });
    const both = [restarts(999, 1_200), second];
    expect(when([1_199], ...both)).toBe('while the service was restarting');
    expect(when([1_200], ...both)).toBe('800 ms before the signal');
    expect(when([2_300], ...both)).toBe('100 ms after it was ready again');
    expect(when([1_900, 2_100], ...both)).toBe('between 100 ms before and 100 ms after the signal');
  });

  it('is not known where nothing struck, or no moment is told', () => {
    expect(when([100], step(999, 'begin'))).toBe('at some time');
    expect(when([])).toBe('at some time');
  });

  it('names what struck: a kill, a signal, or the disruption where none was sent', () => {
    expect(when([960], restarts(999, 1_200, { signal: 'SIGKILL' }))).toBe(
      '40 ms before the process was killed',
    );
    expect(when([960], step(1_000, 'begin', { type: 'pause' }), step(1_000, 'held', { type: 'pause' }))).toBe(
      '40 ms before the pause',
    );
    const other = [step(999, 'begin'), step(1_000, 'signal'), step(1_200, 'ready')];
    expect(when([960], other)).toBe('40 ms before the restart');
    const second = [
      step(999, 'begin', { replica: 1 }),
      step(1_000, 'signal', { replica: 1, signal: 'SIGKILL' }),
    ];
    expect(when([960], other, second)).toBe('40 ms before the process was killed');
  });

  it('names a disruption that restarts nothing', () => {
    const setting: Setting = {
      disruptions: [{ ...planned, type: 'pause', lacks: { restart: 'it is a pause' } }],
    };
    const paused = restarts(999, 1_200).map((one) => ({ ...one, type: 'pause' }));
    expect(whenInWords(telling(setting, paused), [1_100])).toBe('during the pause');
  });
});
