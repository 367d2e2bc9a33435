import type { Verdict } from '../judge/verdict.js';

/** A verdict as `verdict.json` holds it. Control characters are escaped, also those that JSON would let through. */
export function json(verdict: Verdict): string {
  // DEL, C1, separators, and what is invisible or turns the writing around are harmless to JSON, and not to a terminal.
  const risky = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(verdict, null, 2).replace(risky, escaped)}\n`;
}
