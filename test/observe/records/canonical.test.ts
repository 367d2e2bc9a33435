import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, fieldsOf } from '../../../src/observe/records/canonical.js';

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}

describe('the canonical text of a value', () => {
  it('is the same whatever the order of keys, and reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(shuffled(value))).toBe(canonical(value));
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is equal exactly when the values are', () => {
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (one, other) => {
        const equal = isDeepStrictEqual(plain(one), plain(other));
        expect(canonical(one) === canonical(other)).toBe(equal);
      }),
    );
  });

  it('keeps the order of lists', () => {
    expect(canonical([2, 1])).not.toBe(canonical([1, 2]));
  });

  it('has the fields of an object by name', () => {
    expect(fieldsOf({ b: { d: 1, c: 2 }, a: null })).toEqual([
      { name: 'a', canonical: 'null' },
      { name: 'b', canonical: '{"c":2,"d":1}' },
    ]);
    expect(fieldsOf([1])).toEqual([]);
    expect(fieldsOf('text')).toEqual([]);
  });
});
