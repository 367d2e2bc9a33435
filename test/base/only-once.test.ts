import { expect, it } from 'vitest';
import { onlyOnce } from '../../src/base/only-once.js';

it('begins with the first who asks, and is the same for all', async () => {
  let begun = 0;
  const ask = onlyOnce(() => Promise.resolve(++begun));
  expect(begun).toBe(0);
  const first = ask();
  expect(ask()).toBe(first);
  expect(await Promise.all([first, ask()])).toEqual([1, 1]);
});
