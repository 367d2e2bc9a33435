import { isDeepStrictEqual } from 'node:util';
import { OutlastError } from '../base/errors.js';
import { printable } from '../base/printable.js';
import type { Header } from '../history/index.js';

/** One file of a history that was recorded in several. */
export interface Part {
  readonly file: string;
  readonly header: Header;
}

/** So many files are open at once. */
const mostParts = 256;
/** Deeper than any header is; what hides below is not looked at. */
const mostDepth = 8;

/** Throws `HISTORY_PARTS` where the headers are not those of one run, and says which field differs. */
export function expectOneRun(parts: readonly Part[]): void {
  if (parts.length > mostParts)
    throw partsError(
      `expected at most ${mostParts} files of one run, got ${parts.length}: join some of them`,
    );
  const [first, ...others] = parts;
  if (!first) return;
  for (const other of others) {
    for (const field of ['run', 'contract', 'plan'] as const) {
      const difference = differenceOf(first.header[field], other.header[field], field);
      if (!difference) continue;
      const { path, one, another } = difference;
      throw partsError(
        `expected files of one run, with the same header but for its writer, seed and epoch; ${path} is ${one} in ${first.file} and ${another} in ${other.file}`,
      );
    }
  }
  for (const { file, header } of parts) {
    if (Number.isNaN(Date.parse(header.epoch)))
      throw partsError(
        `expected the epoch of ${file} to be a time such as 2026-03-01T12:34:56.789Z, by which its clock is aligned with those of the other files; got "${printable(header.epoch)}"`,
      );
  }
}

export const partsError = (message: string): OutlastError => new OutlastError('HISTORY_PARTS', message);

interface Difference {
  readonly path: string;
  readonly one: string;
  readonly another: string;
}

function differenceOf(one: unknown, another: unknown, path: string, depth = 0): Difference | null {
  if (depth > mostDepth) return null;
  if (!isComposed(one) || !isComposed(another) || Array.isArray(one) !== Array.isArray(another))
    return isDeepStrictEqual(one, another) ? null : { path, one: shown(one), another: shown(another) };
  for (const key of new Set([...Object.keys(one), ...Object.keys(another)])) {
    const name = Array.isArray(one) ? `[${key}]` : `.${printable(key, 40)}`;
    const difference = differenceOf(one[key], another[key], path + name, depth + 1);
    if (difference) return difference;
  }
  return null;
}

const isComposed = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'string') return `"${printable(value)}"`;
  return isComposed(value) ? (Array.isArray(value) ? 'a list' : 'an object') : String(value);
}
