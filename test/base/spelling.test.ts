import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest, didYouMean } from '../../src/base/spelling.js';

const names = ['session', 'token', 'reconnect', 'continuity', 'integrity', 'performance'];

describe('the name that was probably meant', () => {
  it('is found through a missing, an extra, a wrong and a swapped letter', () => {
    expect(nearest('sesion', names)).toBe('session');
    expect(nearest('tokken', names)).toBe('token');
    expect(nearest('reconnekt', names)).toBe('reconnect');
    expect(nearest('tokne', names)).toBe('token');
  });

  it('is not made up when nothing is close', () => {
    expect(nearest('banana', names)).toBeUndefined();
    expect(didYouMean('banana', names)).toBe('');
  });

  it('does not mind capitals', () => {
    expect(nearest('Token', names)).toBe('token');
  });

  it('is the word itself where the word is a name', () => {
    fc.assert(fc.property(fc.constantFrom(...names), (name) => nearest(name, names) === name));
  });

  it('survives one random letter put anywhere into a name', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (name, place, letter) => {
          const cut = place % (name.length + 1);
          return nearest(name.slice(0, cut) + letter + name.slice(cut), names) === name;
        },
      ),
    );
  });
});
