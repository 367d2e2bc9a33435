/** Digits that fit into one number. */
export const half = 8;

/** Eight hexadecimal digits of a text, in lower case; -1: others stand there. */
export function halfOf(text: string, from: number): number {
  let value = 0;
  for (let at = from; at < from + half; at++) {
    const code = text.charCodeAt(at);
    const isLetter = code >= 97 && code <= 102;
    if (!isLetter && !(code >= 48 && code <= 57)) return -1;
    value = value * 16 + (isLetter ? code - 87 : code - 48);
  }
  return value;
}

export const textOf = (value = 0): string =>
  (fourDigits[value >>> 16] ?? '') + (fourDigits[value & 0xffff] ?? '');

/** Looked up, as it is asked for every digest of a long history again and again. */
const fourDigits = Array.from({ length: 2 ** 16 }, (_, value) => value.toString(16).padStart(4, '0'));

/** A number from 0 in digits that comes back as it was. */
export function isWhole(text: string): boolean {
  if (text.length === 0 || text.length > 15 || (text.length > 1 && text.charCodeAt(0) === 48)) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
