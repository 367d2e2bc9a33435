import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/base/printable.js';

describe('a text that came from elsewhere', () => {
  it('is shown as it is when there is nothing strange in it', () => {
    for (const text of ['', 'hello', 'naïve ☂ 密码', '👍🏽']) expect(printable(text)).toBe(text);
  });

  it('shows what cannot be seen', () => {
    expect(printable('\u001b[31mred\u0007\r\n')).toBe('\\x1b[31mred\\x07\\x0d\\x0a');
    expect(printable('\u009b1m \u202egnp.exe \u200b \ufeff \u2028')).toBe(
      '\\x9b1m \\u202egnp.exe \\u200b \\ufeff \\u2028',
    );
    expect(printable('half a pair: \ud83d')).toBe('half a pair: \\ud83d');
  });

  it('is never longer than it may be, nor able to move a cursor', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 1, max: 100 }),
        (text, max) => {
          const shown = printable(text, max);
          expect(shown.length).toBeLessThanOrEqual(max);

          expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        },
      ),
    );
    expect(printable('x'.repeat(1_000))).toBe(`${'x'.repeat(79)}…`);
  });
});
