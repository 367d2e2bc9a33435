import { inWords } from '../../base/duration.js';
import type { Event } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';
import { count, sessionsInWords } from '../words.js';
import { Slowness } from './slowness.js';

/** So many notes are shown; a writer that has more to say has nothing to say. */
const mostNotes = 50;

/** What a reader of the verdict should know besides the findings, a sentence each. */
export const notices: Projection<readonly string[]> = {
  id: 'notices',
  kinds: ['note', 'stall', 'leak', 'send', 'ack', 'disruption'],
  start: () => new NoticesFold(),
};

class NoticesFold implements Accumulator<readonly string[]> {
  readonly #notes: string[] = [];
  #moreNotes = 0;
  readonly #leaks = new Map<string, Set<string>>();
  readonly #slowness = new Slowness();
  #stalls = 0;
  #longestMs = 0;

  see(event: Event): void {
    this.#slowness.see(event);
    if (event.kind === 'note') this.#note(event.text);
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
    return [...this.#notes, ...leaks, ...this.#slow(), ...this.#stood(), ...this.#more()];
  }

  #note(text: string): void {
    if (this.#notes.length < mostNotes) this.#notes.push(text);
    else this.#moreNotes += 1;
  }

  #more(): readonly string[] {
    return this.#moreNotes === 0 ? [] : [`and ${count(this.#moreNotes, 'more note')}`];
  }

  #slow(): readonly string[] {
    const { slowMs } = this.#slowness;
    if (slowMs === null) return [];
    return [
      `the service was slow before anything was done to it: an acknowledgement took ${inWords(slowMs)} at the median, so what is late afterwards may be late for the same reason (fewer messages: workload.messagesPerSecond)`,
    ];
  }

  #stood(): readonly string[] {
    if (this.#stalls === 0) return [];
    const longest = inWords(this.#longestMs);
    return [
      `Outlast itself stood still ${count(this.#stalls, 'time')}, at most for ${longest}: timings near it are wider`,
    ];
  }
}

const places: Readonly<Record<string, string>> = {
  close: 'the reason of a close',
  error: 'an error',
  frame: 'a frame',
};
