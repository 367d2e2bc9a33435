import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { identityIn, tagLength } from '../../../src/history/tag.js';
import { textOf } from '../../../src/observe/workload/index.js';

const message = 'abcdefgh.12.345';

describe('the text of a message', () => {
  it('begins with its identity and obeys the longest length', () => {
    fc.assert(
      fc.property(fc.integer({ min: tagLength, max: 2_000 }), fc.string(), (maxLength, seed) => {
        const text = textOf(message, maxLength, seeded(seed));
        expect(identityIn(text)).toEqual({ is: 'message', message });
        expect(text.length).toBeLessThanOrEqual(maxLength);
      }),
    );
  });

  it('is now and then long, and holds letters of several bytes', () => {
    const random = seeded('talk');
    const texts = Array.from({ length: 200 }, () => textOf(message, 2_000, random));
    expect(texts.some((text) => text.length > 250)).toBe(true);
    expect(texts.some((text) => Buffer.byteLength(text) > text.length)).toBe(true);
  });

  it('keeps surrogate pairs whole: every text survives UTF-8', () => {
    const random = seeded('pairs');
    for (let count = 0; count < 200; count++) {
      const text = textOf(message, 60, random);
      expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
    }
  });
});
