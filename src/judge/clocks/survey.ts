import { hash32 } from '../../base/random.js';
import type { Event, MessageId } from '../../history/events.js';

/** So many messages are compared at most; of more, an even share is taken: of thousands the tightest are as tight. */
const most = 50_000;

/** Something on the clock `from` surely came before something on the clock `to`. */
export interface Precedence {
  readonly from: number;
  readonly to: number;
  /** By how much the readings of the two clocks say the opposite, in ms; negative where they agree. The largest that was seen. */
  readonly lead: number;
  /** The message that shows it: sent on the one, received on the other. */
  readonly message: MessageId;
}

/** A message whose send stands in two files, by their numbers. */
export interface Twice {
  readonly message: MessageId;
  readonly files: readonly [number, number];
}

interface Sight {
  sentOn: { readonly clock: number; readonly file: number; readonly t: number; isWritten: boolean } | null;
  /** By clock, when it was first seen there. */
  seenOn: Map<number, number> | null;
}

/**
 * Looks at the messages that pass between clocks: none arrives before it is sent. Memory is bounded, whatever the number of
 * messages.
 */
export class Survey {
  readonly #sights = new Map<MessageId, Sight>();
  #stride = 1;
  #twice: Twice | null = null;

  /** The first; null: there is none. */
  get twice(): Twice | null {
    return this.#twice;
  }

  /** `t`: the reading of that clock, in ms since an epoch that all share. */
  see(file: number, clock: number, t: number, event: Event): void {
    if (event.kind === 'send' || event.kind === 'written')
      this.#sent(event.message, file, clock, t, event.kind);
    else if ((event.kind === 'receive' || event.kind === 'stored') && event.message !== null)
      this.#seen(event.message, clock, t);
  }

  /** At most one for each pair of clocks and direction. */
  precedences(): readonly Precedence[] {
    const tightest = new Map<string, Precedence>();
    for (const [message, { sentOn, seenOn }] of this.#sights) {
      if (!sentOn || !seenOn) continue;
      for (const [to, t] of seenOn) {
        if (to === sentOn.clock) continue;
        const [key, lead] = [`${sentOn.clock} ${to}`, sentOn.t - t];
        if (lead > (tightest.get(key)?.lead ?? Number.NEGATIVE_INFINITY))
          tightest.set(key, { from: sentOn.clock, to, lead, message });
      }
    }
    return [...tightest.values()];
  }

  /** Its first attempt; the plan to send it where no attempt is written down. */
  #sent(message: MessageId, file: number, clock: number, t: number, kind: 'send' | 'written'): void {
    const sight = this.#sight(message);
    if (!sight) return;
    const { sentOn } = sight;
    if (sentOn && sentOn.file !== file) this.#twice ??= { message, files: [sentOn.file, file] };
    const isWritten = kind === 'written';
    if (!sentOn || (isWritten && !sentOn.isWritten)) sight.sentOn = { clock, file, t, isWritten };
  }

  #seen(message: MessageId, clock: number, t: number): void {
    const sight = this.#sight(message);
    if (!sight) return;
    sight.seenOn ??= new Map();
    sight.seenOn.set(clock, Math.min(t, sight.seenOn.get(clock) ?? Infinity));
  }

  #sight(message: MessageId): Sight | null {
    const found = this.#sights.get(message);
    if (found) return found;
    if (!this.#isOfShare(message)) return null;
    const made: Sight = { sentOn: null, seenOn: null };
    this.#sights.set(message, made);
    if (this.#sights.size > most) this.#thin();
    return made;
  }

  /** The same messages in every file, so that both ends of them are seen. */
  #isOfShare(message: MessageId): boolean {
    return this.#stride === 1 || hash32(message) % this.#stride === 0;
  }

  #thin(): void {
    this.#stride *= 2;
    for (const message of this.#sights.keys()) if (!this.#isOfShare(message)) this.#sights.delete(message);
  }
}
