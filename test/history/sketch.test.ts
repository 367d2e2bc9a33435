import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitsOfUnit, sketchOf } from '../../src/history/sketch.js';

describe('the sketch of a text', () => {
  it('has two digits for each code point', () => {
    expect(sketchOf('aß你🎉')).toMatchObject({ units: 4, broken: 0 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { units, sketch } = sketchOf(text);
        expect(units).toBe([...text].length);
        expect(sketch).toMatch(/^[0-9a-f]*$/);
        expect(sketch).toHaveLength(units * digitsOfUnit);
      }),
    );
  });

  it('of two texts in a row is that of the one followed by that of the other', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(sketchOf(one + other).sketch).toBe(sketchOf(one).sketch + sketchOf(other).sketch);
      }),
    );
  });

  it('tells all letters of ASCII apart', () => {
    const letters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    expect(new Set(letters.map((letter) => sketchOf(letter).sketch)).size).toBe(95);
  });

  it('counts halves of characters, and what a decoder puts for them', () => {
    expect(sketchOf('a\ud83d').broken).toBe(1);
    expect(sketchOf('\ufffdb\ufffd').broken).toBe(2);
    expect(sketchOf('\ud800 \udbff \udc00 \udfff').broken).toBe(4);
    expect(sketchOf('\ud7ff\ue000\ufffc').broken).toBe(0);
  });
});
