import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { leaks } from '../../../src/judge/facts/leaks.js';
import { viewOf } from './view-of.js';

const leak = (where: EventOf<'leak'>['where'], t = 0): EventOf<'leak'> => ({
  t,
  session: '1',
  kind: 'leak',
  where,
});

describe('secrets in what ends in logs', () => {
  it('are those in an error or in the reason of a close, and not those in a frame', () => {
    expect(viewOf(leaks, [leak('close'), leak('frame'), leak('error')])).toEqual([
      leak('close'),
      leak('error'),
    ]);
  });

  it('are shown often enough in a thousand', () => {
    const many = Array.from({ length: 1_002 }, (_, t) => leak('error', t));
    expect(viewOf(leaks, many)).toEqual(many.slice(0, 1_000));
  });
});
