import { printable } from '../base/printable.js';
import type { Outcome } from '../judge/port.js';

/** How a text is meant; what that looks like is the terminal's business. */
export type Style = 'pass' | 'fail' | 'unknown' | 'skipped' | 'quiet' | 'strong';
export type Paint = (style: Style, text: string) => string;
export const unpainted: Paint = (_, text) => text;

export interface Look {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** May signs beyond ASCII be shown? */
  readonly unicode: boolean;
}
export const plainLook: Look = { paint: unpainted, width: 100, unicode: true };

const signs: Readonly<Record<Outcome | 'leads' | 'dot' | 'bar' | 'gap', readonly [string, string]>> = {
  pass: ['✓', '+'],
  fail: ['✗', 'x'],
  unknown: ['?', '?'],
  skipped: ['○', '-'],
  leads: ['↳', '>'],
  dot: ['·', '-'],
  bar: ['█', '#'],
  gap: ['░', '.'],
};

export function sign(name: keyof typeof signs, { unicode }: Pick<Look, 'unicode'>): string {
  return signs[name][unicode ? 0 : 1];
}

/** The mark of an outcome, in its colour. */
export const mark = (outcome: Outcome, look: Look): string => look.paint(outcome, sign(outcome, look));

/** A text from a history, safe on a terminal; without signs beyond ASCII where those cannot be shown. */
export function safe(text: string, { unicode }: Pick<Look, 'unicode'>, max = 2_000): string {
  const shown = printable(text, max);
  return unicode
    ? shown
    : shown
        .replace(/[–—]/g, '-')
        .replace(/…/g, '...')
        .replace(/[^ -~]/gu, '?');
}

/** Lines of at most `width` columns, broken at blanks; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== '' && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A wrapped text whose first line follows `first` and whose others are set in as far. `first` may be painted: `taken` is its width. */
export function hanging(first: string, taken: number, text: string, width: number): string[] {
  const [head = '', ...rest] = wrap(text, Math.max(20, width - taken));
  return [first + head, ...rest.map((line) => ' '.repeat(taken) + line)];
}

export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - columns(text)));
export const columns = (text: string): number => [...text].length;

/** `1,234` */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
/** `1 message`, `1,234 messages` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;
