import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agree,
  count,
  extremesOf,
  list,
  listed,
  sentence,
  sessionsInWords,
  span,
} from '../../src/judge/words.js';

describe('extremes', () => {
  it('are found among more values than a call takes arguments', () => {
    const many = Array.from({ length: 500_000 }, (_, value) => value - 7);
    expect(extremesOf(many)).toEqual({ smallest: -7, largest: 499_992 });
    expect(span(many.map(() => 40))).toBe('40 ms');
    expect(extremesOf([])).toEqual({ smallest: Infinity, largest: -Infinity });
  });
});

describe('words for people', () => {
  it('counts with a thousands separator, and knows one from many', () => {
    expect(count(1, 'message')).toBe('1 message');
    expect(count(1_204, 'message')).toBe('1,204 messages');
    expect(count(0, 'delivery', 'deliveries')).toBe('0 deliveries');
    expect(count(12_345, 'message')).toBe('12,345 messages');
    expect(count(1_234_567, 'message')).toBe('1,234,567 messages');
  });

  it('lists a few by name, and says how many more there are', () => {
    expect(list([])).toBe('');
    expect(list(['a'])).toBe('a');
    expect(list(['a', 'b'])).toBe('a and b');
    expect(list(['a', 'b', 'c', 'd'])).toBe('a, b, c and d');
    expect(list(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
    expect(listed(['r10', 'r9', 'r10', 'r2'])).toBe('r2, r9 and r10');
  });

  it('names sessions once, in the order of their numbers, whatever their order', () => {
    expect(sessionsInWords(['7'])).toBe('session 7');
    fc.assert(
      fc.property(fc.shuffledSubarray(['12', '3', '9', '3'], { minLength: 4 }), (sessions) => {
        expect(sessionsInWords(sessions)).toBe('sessions 3, 9 and 12');
      }),
    );
  });

  it('lets a word agree with one thing or several, each counted once', () => {
    expect(agree(['7', '7'], 'was', 'were')).toBe('was');
    expect(agree(['7', '8'], 'was', 'were')).toBe('were');
    expect([agree(1, 'its', 'their'), agree(0, 'its', 'their')]).toEqual(['its', 'their']);
  });

  it('gives a span its unit once where it can', () => {
    expect(span([112, 40, 60])).toBe('40–112 ms');
    expect(span([40, 40.2])).toBe('40 ms');
    expect(span([40, 2_000])).toBe('40 ms–2 s');
    expect(span([61_000, 125_000])).toBe('1 min 1 s–2 min 5 s');
    expect(span([40_000, 65_000])).toBe('40 s–1 min 5 s');
  });

  it('begins a sentence with a capital', () => {
    expect(sentence('nothing')).toBe('Nothing');
    expect(sentence('')).toBe('');
  });
});
