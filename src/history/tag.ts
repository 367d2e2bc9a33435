import { OutlastError } from '../base/errors.js';
import { printable } from '../base/printable.js';
import { hash32 } from '../base/random.js';
import type { MessageId } from './events.js';

// One lower-case alphanumeric word of fixed length: separators would turn into links, emoji or markup.
// `o` + run (8) + session (4) + number (5) + checksum (5), each padded base 36.
const shape = /^\s*(o[0-9a-z]{22})(?![0-9a-z])/;
export const tagLength = 23;

/** What a text says of its own identity. */
export type Identity =
  | { readonly is: 'message'; readonly message: MessageId }
  /** Looks like an identity, and its checksum is wrong. */
  | { readonly is: 'damaged' }
  /** None at the start of the text. */
  | { readonly is: 'none' };

/**
 * The word at the start of a message's text. The run has eight letters and digits, the session is a decimal number below 36^4,
 * the number is below 36^5. Throws `INTERNAL` for an id that no word can carry: it could not be read back.
 */
export function tagOf(message: MessageId): string {
  const parts = partsOf(message);
  const session = Number(parts?.session);
  if (!parts || `${session}` !== parts.session || session >= 36 ** 4 || parts.number >= 36 ** 5) {
    throw new OutlastError(
      'INTERNAL',
      `expected the id of a message such as abcd1234.12.345, got "${printable(message)}"`,
    );
  }
  const word = `o${parts.run}${pad(session, 4)}${pad(parts.number, 5)}`;
  return word + checksum(word);
}

/** The identity at the start of a text. The identity of another message *inside* a text is a mention, never a receipt. */
export function identityIn(text: string): Identity {
  const word = shape.exec(text)?.[1];
  if (word === undefined) return { is: 'none' };
  if (checksum(word.slice(0, 18)) !== word.slice(18)) return { is: 'damaged' };
  const session = parseInt(word.slice(9, 13), 36);
  const number = parseInt(word.slice(13, 18), 36);
  return { is: 'message', message: `${word.slice(1, 9)}.${session}.${number}` };
}

/** The parts of a message's id, or null for an id that is not ours: the run's eight letters and digits, and two decimal numbers. */
export function partsOf(message: MessageId): { run: string; session: string; number: number } | null {
  // Read for every event of a message: by hand it takes a fraction of what an expression takes.
  for (let at = 0; at < runLength; at++) if (!isLetterOrDigit(message.charCodeAt(at))) return null;
  if (message.charCodeAt(runLength) !== dot) return null;
  const second = endOfDigits(message, runLength + 1);
  if (second === runLength + 1 || message.charCodeAt(second) !== dot) return null;
  const end = endOfDigits(message, second + 1);
  if (end === second + 1 || end !== message.length) return null;
  return {
    run: message.slice(0, runLength),
    session: message.slice(runLength + 1, second),
    number: Number(message.slice(second + 1)),
  };
}

/** Is this the one id that names the number? `007` names 7 as well. */
export function isCanonical(
  message: MessageId,
  { session, number }: { session: string; number: number },
): boolean {
  return message.length === runLength + session.length + 2 + digitsOf(number);
}

const runLength = 8;
const dot = 46;

function digitsOf(number: number): number {
  // What is written in another way, such as 1e21, has digits that no id has.
  if (number > Number.MAX_SAFE_INTEGER) return Infinity;
  let digits = 1;
  for (let bound = 10; number >= bound; bound *= 10) digits++;
  return digits;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

const isDigit = (code: number) => code >= 48 && code <= 57;
const isLetterOrDigit = (code: number) => isDigit(code) || (code >= 97 && code <= 122);
const pad = (value: number, width: number) => value.toString(36).padStart(width, '0');
const checksum = (word: string) => pad(hash32(word) % 36 ** 5, 5);
