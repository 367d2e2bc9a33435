import { inWords } from '../base/duration.js';

/** `1,204 messages`, `1 message`. */
export function count(amount: number, thing: string, plural = `${thing}s`): string {
  return `${grouped(amount)} ${amount === 1 ? thing : plural}`;
}

/**
 * The parts of a reconnect. The waiting is the client's, whoever waits between its attempts: Outlast where it dials, the
 * library where that reconnects by itself.
 */
export const splitWords = {
  down: 'down',
  waiting: "the client's own waiting",
  handshake: 'handshake',
  joined: 'joining',
} as const;

/** `1,204`. */
export const grouped = (amount: number): string => String(amount).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** `a`, `a and b`, `a, b and 14 more`. */
export function list(items: readonly string[], shown = 3): string {
  const named = items.length > shown + 1 ? items.slice(0, shown) : items;
  const rest = items.length - named.length;
  const all = rest > 0 ? [...named, `${grouped(rest)} more`] : named;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

/** Each once, in the order of the numbers in their names: `r2, r9 and r10`. */
export const listed = (items: readonly string[], shown?: number): string =>
  list([...new Set(items)].sort(collator.compare), shown);

const collator = new Intl.Collator('en', { numeric: true });

/** `session 12`, `sessions 3, 9 and 14 more`; in the order of their numbers. */
export function sessionsInWords(sessions: readonly string[]): string {
  return `${new Set(sessions).size === 1 ? 'session' : 'sessions'} ${listed(sessions)}`;
}

/** The form of a word that goes with one thing, or with several: `was` or `were`, `its` or `their`. */
export const agree = (things: readonly string[] | number, one: string, several: string): string =>
  (typeof things === 'number' ? things : new Set(things).size) === 1 ? one : several;

/** `40–112 ms`, `40 ms`, `0.4 ms–2 s`. */
export function span(durations: readonly number[]): string {
  const { smallest, largest } = extremesOf(durations);
  const [from, to] = [inWords(smallest), inWords(largest)];
  if (from === to) return from;
  const [amount = '', unit] = from.split(' ');
  return to.split(' ').length === 2 && to.endsWith(` ${unit ?? ''}`) ? `${amount}–${to}` : `${from}–${to}`;
}

/** There may be more of them than a call takes arguments. */
export const extremesOf = (values: readonly number[]): { smallest: number; largest: number } => ({
  smallest: values.reduce((one, other) => Math.min(one, other), Infinity),
  largest: values.reduce((one, other) => Math.max(one, other), -Infinity),
});

/** The first letter of a sentence. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
