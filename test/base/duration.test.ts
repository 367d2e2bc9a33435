import { describe, expect, it } from 'vitest';
import { inWords, milliseconds } from '../../src/base/duration.js';

describe('a duration', () => {
  it('is a number of milliseconds, or a text with a unit', () => {
    expect([0, 250, '250ms', '10s', '1.5m', '2h', ' 3 s '].map(milliseconds)).toEqual([
      0, 250, 250, 10_000, 90_000, 7_200_000, 3_000,
    ]);
  });

  it('is nothing else, and the error shows what came', () => {
    for (const wrong of ['', '10', '10 seconds', '-1s', '1e3ms', 's', NaN, Infinity, -1]) {
      expect(() => milliseconds(wrong), String(wrong)).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error,
      );
    }
    expect(() => milliseconds('soon')).toThrow(`'10s' or '2m'; got "soon"`);
  });

  it('is told in words that fit its size', () => {
    const cases: [number, string][] = [
      [0, '0 ms'],
      [0.44, '0.4 ms'],
      [9.96, '10 ms'],
      [12.4, '12 ms'],
      [999.4, '999 ms'],
      [999.6, '1 s'],
      [1_240, '1.24 s'],
      [59_990, '59.99 s'],
      [59_999, '1 min'],
      [60_000, '1 min'],
      [125_000, '2 min 5 s'],
    ];
    for (const [ms, words] of cases) expect(inWords(ms)).toBe(words);
  });
});
