import { describe, expect, it } from 'vitest';
import { acknowledgedOf } from '../../../src/judge/derived/acknowledged.js';
import { idOf, says, telling } from './telling.js';

describe('the acknowledged messages of a room', () => {
  it('are those that were announced there and promised, in their order', () => {
    const context = telling(
      {},
      [says(100, '9', 1), says(110, '2', 1), says(120, '9', 2, { room: 'r2' })],
      [says(130, '9', 3, { ackAt: null }), says(140, '9', 4).slice(1)],
    );
    const ids = [...acknowledgedOf(context)].map(([room, all]) => [room, all.map(({ id }) => id)]);
    expect(ids).toEqual([
      ['r1', [idOf('9', 1), idOf('2', 1)]],
      ['r2', [idOf('9', 2)]],
    ]);
  });
});
