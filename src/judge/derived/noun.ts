import { timeline } from '../facts/timeline.js';
import type { Context } from '../port.js';

/** What is done to a target, by the type of the disruption, for people. What is not here is a restart of some kind. */
const nouns: Readonly<Record<string, string>> = {
  outage: 'outage',
  pause: 'pause',
  network: 'network fault',
  command: 'deploy',
  watch: 'deploy',
};

const titles: Readonly<Record<string, string>> = {
  ...nouns,
  dependency: 'restart',
};

/** One disruption in a title, after its type: `crash`, `rolling restart`, `network fault`. */
export const titleOf = (type: string): string => titles[type] ?? type;

/** `restart`, `pause`, `network fault`; of several kinds: `disruptions`. */
export function nounOf(types: readonly string[]): string {
  const different = new Set(types.map((type) => nouns[type] ?? 'restart'));
  const [noun = 'restart'] = different;
  return different.size > 1 ? 'disruptions' : noun;
}

/**
 * A sentence about what was really done. Checks speak of `the restart`, which most runs are; of another disruption the same is
 * said with its own name, here, where all findings pass.
 */
export function aboutIt(context: Context, sentence: string): string {
  const noun = nounOf(context.facts(timeline).disruptions.map(({ type }) => type));
  return sentence.replace(/\b([Tt]he) restart\b/g, `$1 ${noun}`);
}
