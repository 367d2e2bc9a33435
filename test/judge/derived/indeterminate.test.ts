import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { indeterminateOf } from '../../../src/judge/derived/indeterminate.js';
import { hears, idOf, reading, says, telling, type Telling } from './telling.js';

describe('messages that were neither promised nor refused', () => {
  const amounts = (...events: readonly Telling[]) => indeterminateOf(telling({}, ...events));
  const unsure = says(100, '1', 1, { ackAt: null });
  const answer = (kind: 'nack' | 'unsure' | 'unoffered'): Event => ({
    ...{ t: 101, session: '1', kind, message: idOf('1', 1), reason: 'x' },
  });

  it('were handed over, and nothing certain came of it', () => {
    expect(amounts(unsure)).toEqual({ all: 1, seen: 0 });
    expect(amounts(unsure, answer('unsure'))).toEqual({ all: 1, seen: 0 });
    expect(amounts(unsure, answer('nack'))).toEqual({ all: 0, seen: 0 });
    expect(amounts(says(100, '1', 1))).toEqual({ all: 0, seen: 0 });
    expect(amounts(unsure.slice(0, 1), answer('unoffered'))).toEqual({ all: 0, seen: 0 });
    expect(amounts()).toEqual({ all: 0, seen: 0 });
  });

  it('were seen where somebody received them, or a read of either side shows them', () => {
    expect(amounts(unsure, hears(150, '2', ['1', 1]))).toEqual({ all: 1, seen: 1 });
    expect(amounts(unsure, reading(500, 'after', [{ of: ['1', 1] }]))).toEqual({ all: 1, seen: 1 });
    expect(amounts(unsure, reading(500, 'before', [{ of: ['1', 1] }]))).toEqual({ all: 1, seen: 1 });
    expect(amounts(unsure, says(110, '1', 2, { ackAt: null }), hears(150, '2', ['1', 2]))).toEqual({
      ...{ all: 2, seen: 1 },
    });
    expect(amounts(unsure, reading(500, 'after', [{ of: ['1', 2] }]))).toEqual({ all: 1, seen: 0 });
  });
});
