import { describe, expect, it } from 'vitest';
import { once } from '../../src/judge/once.js';
import type { Context } from '../../src/judge/port.js';
import { header } from './facts/view-of.js';

const context = (): Context => ({
  header,
  facts: () => {
    throw new Error('nobody asks');
  },
});

describe('what is worked out once', () => {
  it('is so for each history, also where it is nothing', () => {
    const asked: Context[] = [];
    const work = once((of) => {
      asked.push(of);
      return asked.length > 1 ? undefined : null;
    });
    const [one, other] = [context(), context()];
    expect([work(one), work(one), work(other), work(other)]).toEqual([null, null, undefined, undefined]);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBe(one);
    expect(asked[1]).toBe(other);
  });
});
