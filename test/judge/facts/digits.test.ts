import { describe, expect, it } from 'vitest';
import { halfOf, isWhole, textOf } from '../../../src/judge/facts/digits.js';

describe('hexadecimal digits', () => {
  it.each(['00000000', '0123abcd', 'ffffffff', '00010000', '0000ffff', '89efcdab'])(
    'are a number and come back: %s',
    (digits) => {
      expect(textOf(halfOf(digits, 0))).toBe(digits);
      expect(textOf(halfOf(`12345678${digits}`, 8))).toBe(digits);
    },
  );

  it.each(['0123ABCD', '0123abcg', '0123 567', '0123', '0123456/', '0123456:', '0123456`'])(
    'are none in %j',
    (text) => {
      expect(halfOf(text, 0)).toBe(-1);
    },
  );

  it('are zeros where there is no number', () => {
    expect(textOf()).toBe('00000000');
  });
});

describe('a whole number in digits', () => {
  it.each(['0', '1', '9', '10', '907', '999999999999999'])('is one that comes back as it was: %s', (text) => {
    expect(isWhole(text)).toBe(true);
    expect(String(Number(text))).toBe(text);
  });

  it.each(['', '00', '01', '-1', '1.5', '1e3', ' 1', '1 ', '1a', '1000000000000000', '٣', '/', ':'])(
    'is not %j',
    (text) => {
      expect(isWhole(text)).toBe(false);
    },
  );
});
