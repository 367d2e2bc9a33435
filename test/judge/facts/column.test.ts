import { describe, expect, it } from 'vitest';
import { Column } from '../../../src/judge/facts/column.js';

describe('a column of numbers', () => {
  it('has them in their order, however many blocks they fill', () => {
    const column = new Column();
    for (let value = 0; value < 10_000; value++) column.push(value * 3);
    expect(column.length).toBe(10_000);
    expect([0, 4_095, 4_096, 8_191, 8_192, 9_999].map((at) => column.at(at))).toEqual(
      [0, 4_095, 4_096, 8_191, 8_192, 9_999].map((at) => at * 3),
    );
  });

  it('takes numbers below 2^32, and has 0 where there is none', () => {
    const column = new Column();
    column.push(2 ** 32 - 1);
    expect([column.at(0), column.at(1), column.at(5_000)]).toEqual([2 ** 32 - 1, 0, 0]);
    expect(new Column().length).toBe(0);
  });
});
