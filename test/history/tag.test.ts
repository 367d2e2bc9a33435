import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityIn, partsOf, tagLength, tagOf } from '../../src/history/index.js';
import { isCanonical } from '../../src/history/tag.js';

const runs = fc.string({
  unit: fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyz'),
  minLength: 8,
  maxLength: 8,
});
const messages = fc
  .tuple(runs, fc.nat({ max: 36 ** 4 - 1 }), fc.nat({ max: 36 ** 5 - 1 }))
  .map(([run, session, number]) => `${run}.${session}.${number}`);

describe('the identity of a message', () => {
  it('is one lower-case word of fixed length that gives the message back', () => {
    fc.assert(
      fc.property(messages, fc.string(), (message, body) => {
        const tag = tagOf(message);
        expect(tag).toMatch(/^[0-9a-z]+$/);
        expect(tag).toHaveLength(tagLength);
        expect(identityIn(tag)).toEqual({ is: 'message', message });
        expect(identityIn(`  ${tag} ${body}`)).toEqual({ is: 'message', message });
      }),
    );
  });

  it('is damaged when one character of it changed', () => {
    fc.assert(
      fc.property(
        messages,
        fc.integer({ min: 1, max: tagLength - 1 }),
        fc.nat({ max: 34 }),
        (message, at, by) => {
          const tag = tagOf(message);
          const other = ((parseInt(tag.charAt(at), 36) + 1 + by) % 36).toString(36);
          expect(identityIn(tag.slice(0, at) + other + tag.slice(at + 1))).toEqual({ is: 'damaged' });
        },
      ),
    );
  });

  it('is none inside a text, when cut short, or when it runs on', () => {
    const tag = tagOf('abcd1234.3.7');
    for (const text of ['', 'hello', `> ${tag} said`, tag.slice(0, -1), `${tag}x`, tag.toUpperCase()]) {
      expect(identityIn(text)).toEqual({ is: 'none' });
    }
  });

  it('is refused for a message that no tag can name', () => {
    for (const message of [
      'abc.1.2',
      'abcd1234.x.1',
      'abcd1234.01.1',
      `abcd1234.${36 ** 4}.1`,
      `abcd1234.1.${36 ** 5}`,
      '',
    ]) {
      expect(() => tagOf(message)).toThrow(expect.objectContaining({ code: 'INTERNAL' }) as Error);
    }
  });

  it('has parts, if it is ours', () => {
    expect(partsOf('abcd1234.3.7')).toEqual({ run: 'abcd1234', session: '3', number: 7 });
    for (const message of [
      '7',
      'abcd1234.3',
      'abcd1234.3.',
      'abcd1234..7',
      'ABCD1234.3.7',
      'abcd1234.3.7.1',
      'abcd1234x3.7',
      'abcd123{.3.7',
    ])
      expect(partsOf(message)).toBeNull();
  });

  it('is the one that names its number only as that is usually written', () => {
    const canonical = (message: string) => {
      const parts = partsOf(message);
      return parts !== null && isCanonical(message, parts);
    };
    const written = ['0', '9', '10', '99', '100', String(Number.MAX_SAFE_INTEGER)];
    expect(written.filter((number) => canonical(`abcd1234.12.${number}`))).toEqual(written);
    for (const number of ['00', '007', '010', '9007199254740992', `1${'0'.repeat(21)}`]) {
      expect(canonical(`abcd1234.12.${number}`)).toBe(false);
    }
  });

  it('has parts only as eight letters or digits of the run, and two decimal numbers', () => {
    const unit = fc.constantFrom(...'09az.AZ/:`{ \u0660');
    const texts = fc.oneof(
      fc.string({ unit, maxLength: 16 }),
      fc.tuple(runs, fc.string({ unit, maxLength: 6 })).map(([run, rest]) => `${run}.${rest}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const match = /^([0-9a-z]{8})\.([0-9]+)\.([0-9]+)$/.exec(text);
        expect(partsOf(text)).toEqual(
          match && { run: match[1], session: match[2], number: Number(match[3]) },
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
