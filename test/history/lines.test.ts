import { describe, expect, it } from 'vitest';
import { Lines } from '../../src/history/lines.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('bytes cut into lines', () => {
  it('are the lines that are complete, and what is left of one that is not', () => {
    const lines = new Lines(100);
    expect(lines.push('one\ntwo\nthr')).toEqual({ lines: ['one', 'two'], tooLong: false });
    expect(lines.push('ee')).toEqual({ lines: [], tooLong: false });
    expect(lines.push('\n\nfour')).toEqual({ lines: ['three', ''], tooLong: false });
    expect(lines.rest()).toEqual({ text: 'four', bytes: 4 });
    expect(lines.rest()).toEqual({ text: '', bytes: 0 });
  });

  it('are the same text wherever they are cut, within a letter too', () => {
    const bytes = bytesOf('naïve ☂\n🎉 end\nrest ☂');
    for (let at = 0; at <= bytes.length; at++) {
      const lines = new Lines(100);
      const got = [bytes.subarray(0, at), bytes.subarray(at)].flatMap((part) => lines.push(part).lines);
      expect(got).toEqual(['naïve ☂', '🎉 end']);
      expect(lines.rest().text).toBe('rest ☂');
    }
  });

  it('are none where there are none', () => {
    const lines = new Lines(3);
    expect(lines.push('')).toEqual({ lines: [], tooLong: false });
    expect(lines.push(new Uint8Array())).toEqual({ lines: [], tooLong: false });
    expect(lines.rest()).toEqual({ text: '', bytes: 0 });
  });

  it('are too long where one of them is, whole or not, in one piece or several; those before it are told', () => {
    expect(new Lines(3).push('abc\nabc\n')).toEqual({ lines: ['abc', 'abc'], tooLong: false });
    expect(new Lines(3).push('ab\nabcd\nab\n')).toEqual({ lines: ['ab'], tooLong: true });
    expect(new Lines(3).push('ab\nabcd')).toEqual({ lines: ['ab'], tooLong: true });
    expect(new Lines(3).push('abcd')).toEqual({ lines: [], tooLong: true });
    const pieces = (...parts: string[]) => {
      const lines = new Lines(3);
      return parts.map((part) => lines.push(part).tooLong);
    };
    expect(pieces('ab', 'c', '\nabc')).toEqual([false, false, false]);
    expect(pieces('ab', 'cd')).toEqual([false, true]);
    expect(pieces('ab', 'cd\n')).toEqual([false, true]);
    // Only the first line of a piece has what was held before it.
    expect(pieces('ab', '\nabc\n')).toEqual([false, false]);
    expect(pieces('☂', 'x')).toEqual([false, true]);
  });
});
