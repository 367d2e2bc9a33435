import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Names, numberOfKey, senderOfKey, unnumbered } from '../../../src/judge/facts/names.js';

const run = 'abcd1234';

describe('names as numbers', () => {
  it('come back from their numbers, each name having one', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        const names = new Names(run);
        const numbers = texts.map((text) => names.numberOf(text));
        expect(numbers.map((number) => names.nameOf(number))).toEqual(texts);
        expect(new Set(numbers).size).toBe(new Set(texts).size);
        expect(texts.map((text) => names.numberOf(text))).toEqual(numbers);
      }),
    );
  });

  it('count from 0, so that no name has the number of what has none', () => {
    const names = new Names(run);
    expect(['a', 'b', 'a'].map((name) => names.numberOf(name))).toEqual([0, 1, 0]);
    expect(names.nameOf(unnumbered)).toBe('');
    expect(names.nameOf(2)).toBe('');
  });
});

describe('names of which only so many are taken in', () => {
  it('have a number while there are fewer, and where they are known', () => {
    const names = new Names(run);
    expect(['a', 'b', 'a', 'c', 'b'].map((name) => names.numberWithin(name, 2))).toEqual([
      0,
      1,
      0,
      unnumbered,
      1,
    ]);
    expect(names.nameOf(2)).toBe('');
    expect(names.numberOf('c')).toBe(2);
  });
});

describe('messages as numbers', () => {
  it('come back from their keys, with their sender and their number', () => {
    const names = new Names(run);
    for (const [sender, number] of [
      ['7', 0],
      ['8', 1],
      ['7', 12],
      ['9', 2 ** 31 - 1],
    ] as const) {
      const message = `${run}.${sender}.${number}`;
      const key = names.keyOf(message);
      expect(names.messageOf(key)).toBe(message);
      expect(names.nameOf(senderOfKey(key))).toBe(sender);
      expect(numberOfKey(key)).toBe(number);
      expect(names.keyOfNumber(sender, number)).toBe(key);
    }
  });

  it.each([
    ['of another run', 'other123.1.2'],
    ['that are none of ours', 'hello'],
    ['whose number is written in another way', `${run}.1.007`],
    ['whose number is too large', `${run}.1.${2 ** 31}`],
  ])('%s have no key', (_, message) => {
    expect(new Names(run).keyOf(message)).toBe(unnumbered);
  });

  it('of so many senders that numbers end have no key, and those before have', () => {
    const names = new Names(run);
    const [last, beyond] = [2 ** 22 - 1, 2 ** 22];
    names.numberOf = (sender) => Number(sender);
    expect(names.keyOfNumber(String(last), 2 ** 31 - 1)).toBe(Number.MAX_SAFE_INTEGER);
    expect(names.keyOfNumber(String(beyond), 0)).toBe(unnumbered);
  });
});
