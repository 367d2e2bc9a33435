import type { ErrorCode } from '../base/errors.js';
import { nearest } from '../base/spelling.js';
import { testIds, type TestId } from '../history/events.js';
import type { Described } from './catalogue.js';
import { codes, errorWords } from './error-words.js';
import { hanging, pad, plainLook, safe, wrap, type Look } from './layout.js';
import { facetWords, testWords } from './test-words.js';

export interface Explanation {
  readonly found: boolean;
  readonly text: string;
}

/** What a check, a test or an error code means; all checks by test where no word is given. */
export function explain(
  word: string | undefined,
  checks: readonly Described[],
  options: Partial<Look> = {},
): Explanation {
  const look = { ...plainLook, ...options };
  if (word === undefined) return { found: true, text: everything(checks, look) };
  const parts = [
    // A test and one of its checks may bear the same name: both are told.
    ...testIds.filter((id) => id === word.toLowerCase()).map((test) => testLines(test, checks, look)),
    ...checks.filter(({ id }) => id === word.toLowerCase()).map((check) => checkLines(check, look)),
    ...codes.filter((code) => code === word.toUpperCase()).map((code) => errorLines(code, look)),
  ];
  if (parts.length > 0) return { found: true, text: parts.map(joined).join('\n') };
  return { found: false, text: unknownWord(word, checks) };
}

function unknownWord(word: string, checks: readonly Described[]): string {
  const near = nearest(word, [...checks.map(({ id }) => id), ...testIds, ...codes]);
  const hint =
    near === undefined ? 'See them all with: outlast explain' : `Did you mean: outlast explain ${near}`;
  return `expected a check, a test or an error code; there is no '${safe(word, plainLook, 60)}'. ${hint}`;
}

function everything(checks: readonly Described[], look: Look): string {
  const tests = testIds.map((test) => joined(testLines(test, checks, look)));
  return `${tests.join('\n')}\nMore of each: outlast explain CHECK\n`;
}

function testLines(test: TestId, checks: readonly Described[], look: Look): string[] {
  const own = checks.filter((check) => check.test === test);
  const wide = Math.max(0, ...own.map(({ id }) => id.length));
  return [
    look.paint('strong', test),
    ...wrap(testWords[test].proves, look.width - 2).map((line) => `  ${line}`),
    ...own.flatMap(({ id, about }) => hanging(`  ${pad(id, wide)}  `, wide + 4, about.question, look.width)),
  ];
}

function checkLines({ id, test, about, needs }: Described, look: Look): string[] {
  return [
    `${look.paint('strong', id)} (${test})`,
    ...paragraph('', about.question, look),
    ...paragraph('How it is seen', about.seenBy, look),
    ...bullets('What usually causes a failure', about.causes, look),
    ...bullets('What to look at next', about.next, look),
    ...bullets(
      'It is skipped where this is missing',
      needs.map((facet) => facetWords[facet]),
      look,
    ),
    ...(about.modes.length === 0 ? [] : ['', `Failure modes: ${about.modes.join(', ')}`]),
  ];
}

function errorLines(code: ErrorCode, look: Look): string[] {
  const { means, next } = errorWords[code];
  return [look.paint('strong', code), ...paragraph('', means, look), ...bullets('What to do', next, look)];
}

function paragraph(title: string, text: string, look: Look): string[] {
  return [
    '',
    ...(title === '' ? [] : [look.paint('strong', title)]),
    ...wrap(text, look.width - 2).map((line) => `  ${line}`),
  ];
}

function bullets(title: string, items: readonly string[], look: Look): string[] {
  if (items.length === 0) return [];
  return ['', look.paint('strong', title), ...items.flatMap((item) => hanging('  - ', 4, item, look.width))];
}

const joined = (lines: readonly string[]) => `${lines.join('\n')}\n`;
