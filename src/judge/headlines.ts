import { inWords } from '../base/duration.js';
import type { TestId } from '../history/events.js';
import type { Outcome } from './port.js';
import type { CheckResult } from './verdict.js';
import { sentence } from './words.js';

/** Which check speaks for a test that passed: the first of these that was judged. */
const speakers: Readonly<Record<TestId, readonly string[]>> = {
  session: ['came-back', 'identity-kept', 'no-second-login'],
  token: ['accepted-after', 'forged-refused', 'not-expired'],
  reconnect: ['reconnect-time', 'reconnected', 'connection-was-lost'],
  continuity: ['messages-lost', 'log-kept', 'thread-continues'],
  integrity: ['chat-log', 'user-data', 'session-data'],
  // Its four times speak for it.
  performance: [],
};

/**
 * What the table of the six says of a test: one sentence with its figure. Of a test that failed, the first failure that
 * nothing else explains; of one that is unknown, the first thing that is not known.
 */
export function headlineOf(test: TestId, outcome: Outcome, results: readonly CheckResult[]): string {
  if (test === 'performance' && outcome === 'pass') return durationsOf(results);
  const binding = results.filter((result) => result.binding && result.outcome === outcome);
  const spokenFor = speakers[test].map((id) => binding.find((result) => result.id === id));
  const speaker =
    outcome === 'pass'
      ? (spokenFor.find((result) => result !== undefined) ?? binding[0])
      : (binding.find(({ consequenceOf }) => consequenceOf === undefined) ?? binding[0]);
  return speaker?.summary ?? 'Nothing of this test was judged';
}

/** The four times that were asked for, in one line. */
function durationsOf(results: readonly CheckResult[]): string {
  const figure = (id: string, name: string) => results.find((result) => result.id === id)?.figures[name];
  const times: [string, number | undefined][] = [
    ['Restart', figure('restart', 'maxMs')],
    ['reconnect', figure('reconnect', 'maxMs')],
    ['recovery', figure('recovery', 'maxMs')],
    ['everything', figure('total', 'totalMs')],
  ];
  const known = times.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${inWords(ms)}`]));
  return `${sentence(known.join(', '))} at most`;
}
