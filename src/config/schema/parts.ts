import { z } from 'zod';
import { milliseconds, type Duration } from '../../base/duration.js';
import { didYouMean } from '../../base/spelling.js';

// The parts that schemas are made of. Each says what it expected; `problems.ts` adds where, and what came.

/** An object with exactly these keys. */
export function keys<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys, Object.keys(shape)) : `expected ${what}`,
  });
}

export const text = (what: string) => z.string(expected(what)).min(1, expected(what));
export const flag = () => z.boolean(expected('true or false'));
export const listOf = <Item extends z.ZodType>(item: Item, what: string) => z.array(item, expected(what));
export const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, {
    error: ({ input }) => {
      const hint = typeof input === 'string' ? didYouMean(input, names) : '';
      return `expected ${choice(names)}${hint === '' ? '' : `.${hint}`}`;
    },
  });

export const wholeNumber = (least: number, most: number, what = `a whole number from ${least} to ${most}`) =>
  z.int(expected(what)).min(least, expected(what)).max(most, expected(what));

export const amount = (least: number, most: number, what: string) =>
  z.number(expected(what)).min(least, expected(what)).max(most, expected(what));

const durations = "a duration such as 250 (milliseconds), '250ms', '10s' or '2m'";

/** Milliseconds, from `250`, `'250ms'`, `'10s'`, `'2m'`; as long as somebody likes, for what is compared and never waited for. */
export const span = () => z.custom<Duration>(isDuration, expected(durations)).transform(milliseconds);

/** Longer, and timers go off at once. */
const longestMs = 2 ** 31 - 1;

/** Milliseconds that something is waited for. */
export const duration = () =>
  span().refine((ms) => ms <= longestMs, expected(`${durations}, and of at most 24 days`));

/** A function of the config's author. */
export const mapping = <Signature>(signature: string) =>
  z.custom<Signature>((value) => typeof value === 'function', expected(`a function ${signature}`));

/** Texts by name. */
export const texts = (what: string) => z.record(z.string(), z.string(expected('a text')), expected(what));

/** An address of one of these protocols; placeholders such as `{port:backend}` may stand in it. */
export function address(what: string, protocols: readonly string[]) {
  const shown = protocols.map((protocol) => `${protocol}//`).join(' or ');
  return z.string(expected(what)).refine((value) => protocols.includes(protocolOf(value)), {
    error: `expected ${what}: an address that begins with ${shown}`,
  });
}

/** Without the keys that were left out, so that they do not hide a default. */
export function known<Found extends object>(
  found: Found,
): { [Key in keyof Found]?: Exclude<Found[Key], undefined> };
export function known(found: object): object {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** `a, b or c` */
export function choice(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
}

/** Something made by one of our factories, which leave their name in `kind`. */
export const expected = (what: string) => ({ error: `expected ${what}` });

function isDuration(value: unknown): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  try {
    return milliseconds(value) >= 0;
  } catch {
    return false;
  }
}

function protocolOf(value: string): string {
  const filled = value.replace(/\{port:[^{}]+\}|\{replica\}/g, '1').replace(/\{[a-z]+:[^{}]+\}/g, 'x');
  return URL.canParse(filled) ? new URL(filled).protocol : '';
}

function unknownKeys(unknown: readonly string[], known: readonly string[]): string {
  const said = known.filter((name) => name !== 'kind');
  const all = said.length === 0 ? ' There are none' : ` Known are: ${said.join(', ')}`;
  return unknown.map((name) => `unknown key '${name}'.${didYouMean(name, said) || all}`).join('; ');
}
