import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveOn } from '../../../../src/observe/client/shared/cursors.js';

const read = (positions: readonly string[]) => {
  const cursors = new Map<string, string>();
  for (const position of positions) moveOn(cursors, 'lobby', position);
  return cursors.get('lobby');
};

describe('how far a session has read', () => {
  it('is the greatest number that came, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 80n }), { minLength: 1 }), (numbers) => {
        const greatest = numbers.reduce((most, number) => (number > most ? number : most));
        expect(read(numbers.map(String))).toBe(String(greatest));
      }),
    );
  });

  it('is the last position that came where positions are no numbers', () => {
    expect(read(['1-0', 'b', 'a'])).toBe('a');
  });

  it('is kept for each room apart', () => {
    const cursors = new Map<string, string>();
    moveOn(cursors, 'a', '7');
    moveOn(cursors, 'b', '3');
    expect([...cursors]).toEqual([
      ['a', '7'],
      ['b', '3'],
    ]);
  });
});
