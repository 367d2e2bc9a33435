import type { Event } from './events.js';

/** What the events of one message say alike. */
interface Alike {
  message?: string | null;
  digest?: string;
  id?: string;
}

/** So many messages are under way at a time, at most times. */
const slots = 1_024;
/** The last characters of a message's id tell it from others that are under way. */
const tail = 6;

/**
 * Lets the events of one message have its texts in common: parsed one by one, each has copies of its own. What is judged keeps many
 * of them for long, half of whose weight they are, and what is looked up by the same text is found at once.
 */
export class SharedTexts {
  readonly #messages = new Array<string>(slots).fill('');
  readonly #digests = new Array<string>(slots).fill('');

  /** To be told only of events that nobody else has yet. */
  share(event: Event): void {
    if (!('message' in event) || event.message === null) return;
    const alike: Alike = event;
    const { message } = event;
    const slot = slotOf(message);
    if (this.#messages[slot] === message) {
      alike.message = this.#messages[slot];
      this.#shareDigest(alike, slot);
    } else {
      this.#messages[slot] = message;
      this.#digests[slot] = alike.digest ?? '';
    }
    if (alike.id === message) alike.id = this.#messages[slot] ?? message;
  }

  #shareDigest(alike: Alike, slot: number): void {
    if (alike.digest === undefined) return;
    const known = this.#digests[slot];
    if (known === alike.digest) alike.digest = known;
    else this.#digests[slot] = alike.digest;
  }
}

function slotOf(message: string): number {
  let hash = 0;
  for (let at = Math.max(0, message.length - tail); at < message.length; at++) {
    hash = (Math.imul(hash, 31) + message.charCodeAt(at)) | 0;
  }
  return (hash >>> 0) % slots;
}
