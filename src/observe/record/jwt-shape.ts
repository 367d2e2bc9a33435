import type { Span } from './secrets.js';

// Every JWT begins with the base64url of `{"`.
const opening = 'eyJ';
/** The shortest header, `{"alg":…}`, is longer than this many characters. */
const shortestHeader = 11;

/** Where a text holds something shaped like a JWT, whoever made it. Linear, whatever the text. */
export function findJwts(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(opening); at >= 0;) {
    const end = endOfWord(text, at);
    const start = startOfJwt(text.slice(at, end));
    if (start >= 0) spans.push({ start: at + start, end });
    at = text.indexOf(opening, end);
  }
  return spans;
}

/** Where a JWT may begin that goes on behind the text; the text's length when nowhere. */
export function beginningOfJwt(text: string): number {
  let word = text.length;
  while (word > 0 && isWord(text.charCodeAt(word - 1))) word--;
  const at = text.indexOf(opening, word);
  if (at >= 0) return at;
  if (text.endsWith('ey')) return text.length - 2;
  return text.endsWith('e') ? text.length - 1 : text.length;
}

function startOfJwt(word: string): number {
  for (let at = 0; at >= 0; at = word.indexOf(opening, at + 1)) {
    const dot = word.indexOf('.', at);
    if (dot < 0) return -1;
    if (dot - at >= shortestHeader) return at;
  }
  return -1;
}

function endOfWord(text: string, from: number): number {
  let end = from;
  while (end < text.length && isWord(text.charCodeAt(end))) end++;
  return end;
}

/** base64url and the dots between: A–Z a–z 0–9 - _ . */
function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f ||
    code === 0x2e
  );
}
