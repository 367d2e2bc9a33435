import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/observe/record/index.js';

/** As template engines and sanitizers write it. */
const escape = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('/', '&#x2F;');
const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '&',
      '<',
      '>',
      '"',
      "'",
      '/',
      ';',
      '#',
      'x',
      '3',
      '8',
      'amp',
      '&amp;',
      '&lt;',
      '&#38;',
    ),
  }),
);

describe('the digest of a text', () => {
  it('is the beginning of its SHA-256', () => {
    expect(digestOf('', 'exact')).toBe('e3b0c44298fc1c14');
    expect(digestOf('naïve ☂', 'exact')).toMatch(/^[0-9a-f]{16}$/);
  });

  it('tells any two texts apart where the contract allows no change', () => {
    for (const [a, b] of [
      ['a', 'a '],
      ['<', '&lt;'],
      ['é', 'e\u0301'],
    ] as const) {
      expect(digestOf(a, 'exact')).not.toBe(digestOf(b, 'exact'));
    }
  });

  it('does not see space at both ends where the contract allows to trim it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(digestOf(`\n ${text}\t `, 'trimmed')).toBe(digestOf(text, 'trimmed'));
      }),
    );
    expect(digestOf('a  b', 'trimmed')).not.toBe(digestOf('a b', 'trimmed'));
  });

  it('does not see HTML entities where the contract allows them, however often a text was escaped', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const digest = digestOf(text, 'escaped');
        expect(digestOf(escape(text), 'escaped')).toBe(digest);
        expect(digestOf(escape(escape(text)), 'escaped')).toBe(digest);
      }),
      { numRuns: 2_000 },
    );
    expect(digestOf('&#X27;&#0039;&apos;', 'escaped')).toBe(digestOf("'''", 'escaped'));
    expect(digestOf('a < b', 'escaped')).not.toBe(digestOf('a > b', 'escaped'));
  });

  it('survives entities that name no character', () => {
    for (const text of ['&#9999999;', '&#x110000;', '&nosuch;', '&;', '&#;']) {
      expect(digestOf(text, 'escaped')).toBe(digestOf(text, 'exact'));
    }
    expect(digestOf('&#xD800;', 'escaped')).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is quick with texts made to slow it down', () => {
    const begin = performance.now();
    digestOf(`&${'amp;'.repeat(500_000)}`, 'escaped');
    digestOf('&amp'.repeat(500_000), 'escaped');
    digestOf(`&#${'0'.repeat(2_000_000)}`, 'escaped');
    digestOf('&#00'.repeat(500_000), 'escaped');
    // Quadratic would be minutes.
    expect(performance.now() - begin).toBeLessThan(25_000);
  });
});
