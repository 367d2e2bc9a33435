import type { EventOf } from '../../history/events.js';
import { partsOf } from '../../history/tag.js';
import type { Intervals } from '../facts/intervals.js';
import { messages, type Ledger } from '../facts/messages.js';
import { numberOfKey, senderOfKey, unnumbered, type Names } from '../facts/names.js';
import { reads, type Read } from '../facts/reads.js';
import { once } from '../once.js';
import type { Context } from '../port.js';

/** One entry of a read of one side. */
export interface StoredSighting {
  readonly room: string;
  readonly stored: 'before' | 'after';
  readonly event: EventOf<'stored'>;
}

/** So many are worked out once; more, which is everything where nothing is as it should be, anew for each who asks. */
const mostHeld = 65_536;

/**
 * What is stored, by room, that before the restart first; without what is as it should be and so old that only its number is
 * remembered: of a long run that is nearly everything.
 */
export const rememberedOf = (context: Context): Iterable<StoredSighting> =>
  heldOf(context) ?? sightingsIn(context);

/** Null: too many to be held. */
const heldOf = once((context): readonly StoredSighting[] | null => {
  const held: StoredSighting[] = [];
  for (const sighting of sightingsIn(context)) {
    if (held.length === mostHeld) return null;
    held.push(sighting);
  }
  return held;
});

function* sightingsIn(context: Context): Generator<StoredSighting> {
  const ledger = context.facts(messages);
  const view = context.facts(reads);
  for (const { room, before, after } of view.values()) {
    const old = ledger.retired.inRoom(room);
    for (const [stored, all] of [['before', before] as const, ['after', after] as const]) {
      for (const read of all) {
        for (const event of rememberedIn(read, new Old(ledger, old, view.names)))
          yield { room, stored, event };
      }
    }
  }
}

function* rememberedIn({ entries }: Read, old: Old): Generator<EventOf<'stored'>> {
  for (let place = 0; place < entries.length; place++) {
    const key = entries.keyAt(place);
    if (key !== unnumbered && old.hasKey(key)) continue;
    const entry = entries.at(place);
    // What is held as it came has no number yet.
    if (entry && (key !== unnumbered || !old.has(entry))) yield entry;
  }
}

/** What is remembered by its number alone, in one room. */
class Old {
  readonly #bySender: (Intervals | null)[] = [];

  constructor(
    readonly ledger: Ledger,
    readonly numbers: ReadonlyMap<string, Intervals>,
    readonly names: Names,
  ) {}

  hasKey(key: number): boolean {
    const sender = senderOfKey(key);
    const its = (this.#bySender[sender] ??= this.numbers.get(this.names.nameOf(sender)) ?? null);
    return its?.has(numberOfKey(key)) === true && !this.ledger.messages.has(this.names.messageOf(key));
  }

  has({ message }: EventOf<'stored'>): boolean {
    const parts = message === null ? null : partsOf(message);
    if (message === null || parts?.run !== this.names.run) return false;
    return this.numbers.get(parts.session)?.has(parts.number) === true && !this.ledger.messages.has(message);
  }
}
