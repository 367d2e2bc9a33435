import { describe, expect, it } from 'vitest';
import { Ring } from '../../../src/judge/facts/ring.js';

describe('a ring', () => {
  it('gives back what has been there for longest, once there are so many, round and round', () => {
    const ring = new Ring<number>(3);
    const [none, ...given] = [1, 2, 3, 4, 5, 6, 7, 8].map((item) => ring.put(item));
    expect([none, ...given]).toEqual([undefined, undefined, undefined, 1, 2, 3, 4, 5]);
  });
});
