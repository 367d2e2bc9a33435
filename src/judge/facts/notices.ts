import { inWords } from '../../base/duration.js';
import type { Event } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';
import { count, sessionsInWords } from '../words.js';

/** What a reader of the verdict should know besides the findings, a sentence each. */
export const notices: Projection<readonly string[]> = {
  id: 'notices',
  kinds: ['note', 'stall', 'leak'],
  start: () => new NoticesFold(),
};

class NoticesFold implements Accumulator<readonly string[]> {
  readonly #notes: string[] = [];
  readonly #leaks = new Map<string, Set<string>>();
  #stalls = 0;
  #longestMs = 0;

  see(event: Event): void {
    if (event.kind === 'note') this.#notes.push(event.text);
    else if (event.kind === 'stall') {
      this.#stalls += 1;
      this.#longestMs = Math.max(this.#longestMs, event.ms);
    } else if (event.kind === 'leak') {
      this.#leaks.set(event.where, (this.#leaks.get(event.where) ?? new Set()).add(event.session));
    }
  }

  get view(): readonly string[] {
    const leaks = [...this.#leaks].map(
      ([where, sessions]) =>
        `the target showed a secret in ${places[where] ?? where} to ${sessionsInWords([...sessions])}; it was removed from this history`,
    );
    if (this.#stalls === 0) return [...this.#notes, ...leaks];
    const longest = inWords(this.#longestMs);
    const stalls = `Outlast itself stood still ${count(this.#stalls, 'time')}, at most for ${longest}: timings near it are wider`;
    return [...this.#notes, ...leaks, stalls];
  }
}

const places: Readonly<Record<string, string>> = {
  close: 'the reason of a close',
  error: 'an error',
  frame: 'a frame',
};
