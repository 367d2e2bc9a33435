import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterOf } from '../../../../src/observe/client/shared/retry-after.js';

describe('Retry-After', () => {
  it('is read in seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seconds) => {
        expect(retryAfterOf({ 'retry-after': String(seconds) })).toBe(seconds * 1_000);
      }),
    );
  });

  it('is read as a date against the clock of the answer, not against ours', () => {
    const date = 'Sun, 06 Nov 1994 08:49:37 GMT';
    expect(retryAfterOf({ date, 'retry-after': 'Sun, 06 Nov 1994 08:49:47 GMT' })).toBe(10_000);
    expect(retryAfterOf({ date, 'retry-after': 'Sun, 06 Nov 1994 08:00:00 GMT' })).toBe(0);
  });

  it.each([undefined, '', 'soon', '-5', 'Sun, 06 Nov 1994 08:49:47 GMT'])(
    'is none where %j stands',
    (text) => {
      expect(retryAfterOf({ 'retry-after': text })).toBeUndefined();
    },
  );
});
