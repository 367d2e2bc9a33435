import { OutlastError } from '../base/errors.js';

/**
 * The words of a command line that is run without a shell: separated by blanks, with quotes and backslashes as a shell has
 * them. Throws `CONFIG_INVALID` for what only a shell could do (`|`, `&&`, `$NAME`, `*`, a leading `NAME=value`), rather than
 * hand those characters to the program.
 */
export function wordsOf(line: string): readonly [string, ...string[]] {
  const words: string[] = [];
  let word: string | null = null;
  let rest = line;
  while (rest !== '') {
    const part = nextPart(rest, line);
    rest = rest.slice(part.length);
    if (part.text !== null) word = (word ?? '') + part.text;
    else if (word !== null) words.push(word);
    if (part.text === null) word = null;
  }
  if (word !== null) words.push(word);
  return checked(words, line);
}

/** `text` is null for the blanks between two words. */
interface Part {
  readonly length: number;
  readonly text: string | null;
}

const blanks = /^\s+/;
const single = /^'([^']*)'/;
const double = /^"((?:[^"\\]|\\.)*)"/s;
const escaped = /^\\(.)/s;
const plain = /^[^\s'"\\|&;<>()$`*?]+/;

function nextPart(rest: string, line: string): Part {
  const match = (shape: RegExp) => shape.exec(rest);
  const gap = match(blanks);
  if (gap) return { length: gap[0].length, text: null };
  const literal = match(single) ?? match(escaped);
  if (literal) return { length: literal[0].length, text: literal[1] ?? '' };
  const quoted = match(double);
  if (quoted && !/(?<!\\)[$`]/.test(quoted[0])) {
    return { length: quoted[0].length, text: (quoted[1] ?? '').replace(/\\(["\\$`])/g, '$1') };
  }
  const word = match(plain);
  if (word) return { length: word[0].length, text: word[0] };
  throw onlyInShell(`${rest[0] ?? ''} in it`, line);
}

function checked(words: readonly string[], line: string): readonly [string, ...string[]] {
  const [first, ...others] = words;
  if (first === undefined) throw new OutlastError('CONFIG_INVALID', 'expected a command; got an empty one');
  if (/^[A-Za-z_]\w*=/.test(first)) {
    throw onlyInShell(`${first.slice(0, first.indexOf('='))}=… before it (use \`environment\`)`, line);
  }
  return [first, ...others];
}

function onlyInShell(what: string, line: string): OutlastError {
  return new OutlastError(
    'CONFIG_INVALID',
    `expected a command that runs without a shell; ${JSON.stringify(line)} has ${what}. Quote it, give the words as a list, or set \`shell: true\``,
  );
}
