import { styleText } from 'node:util';
import type { Look, Paint, Style } from '../report/index.js';
import { isTerminal } from './terminal.js';
import type { Output, World } from './world.js';

/** How texts look on an output: colours and signs as its terminal and the environment allow. */
export function lookOf(output: Output, { environment }: Pick<World, 'environment'>): Look {
  return {
    paint: coloured(output, environment) ? painted : (_, text) => text,
    width: Math.min(Math.max(output.columns ?? 100, 60), 110),
    unicode: speaksUnicode(environment),
  };
}

/** NO_COLOR (https://no-color.org) wins; FORCE_COLOR is for CI servers that show colours without being terminals. */
function coloured(output: Output, environment: World['environment']): boolean {
  if (environment['NO_COLOR']) return false;
  if (environment['FORCE_COLOR']) return environment['FORCE_COLOR'] !== '0';
  return isTerminal(output, environment);
}

/** A locale that is set and is not UTF-8 (`C`, `POSIX`) cannot show more than ASCII; nor can the Linux console. */
function speaksUnicode(environment: World['environment']): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return environment['TERM'] !== 'linux' && (locale === '' || /utf-?8/i.test(locale));
}

const formats: Readonly<Record<Style, Parameters<typeof styleText>[0]>> = {
  pass: 'green',
  fail: 'red',
  unknown: 'yellow',
  skipped: 'cyan',
  quiet: 'dim',
  strong: 'bold',
};

// Whether there is a terminal was asked above, and of the right stream.
const painted: Paint = (style, text) => styleText(formats[style], text, { validateStream: false });
