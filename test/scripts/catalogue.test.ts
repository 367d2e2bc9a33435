import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { caughtBy, modesIn } from '../../scripts/catalogue/page.js';
import { unseen } from '../../scripts/catalogue/unseen.js';
import { checks } from '../../src/judge/index.js';

const text = await readFile(new URL('../../docs/failure-modes.md', import.meta.url), 'utf8');
const modes = modesIn(text);

describe('the catalogue of failure modes', () => {
  it('is numbered from 1 to 92', () => {
    expect(modes.map(({ number }) => number)).toEqual(Array.from({ length: 92 }, (_, index) => index + 1));
  });

  it.each(modes)('says of $number which checks catch it, or why none does', (mode) => {
    expect(caughtBy(mode, checks)).not.toBe('');
  });

  it('gives no reason for, and names in no check, what is not in it', () => {
    const known = new Set(modes.map(({ number }) => number));
    const named = [...Object.keys(unseen).map(Number), ...checks.flatMap(({ about }) => about.modes)];
    expect(named.filter((number) => !known.has(number))).toEqual([]);
  });
});
