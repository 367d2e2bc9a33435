import type { Event, EventOf } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';

type Of = EventOf<'record'>['of'];

/** One record of one session, as it was read on both sides of the restart. Readings are in their order. */
export interface RecordHistory {
  readonly session: string;
  readonly name: string;
  readonly of: Of;
  readonly before: readonly EventOf<'record'>[];
  readonly after: readonly EventOf<'record'>[];
  readonly unread: readonly EventOf<'record-unread'>[];
}

/** Who the target said that a session is. */
export interface IdentityHistory {
  readonly session: string;
  readonly before: readonly EventOf<'who-am-i'>[];
  readonly after: readonly EventOf<'who-am-i'>[];
}

export interface Records {
  readonly records: readonly RecordHistory[];
  readonly identities: readonly IdentityHistory[];
}

interface Sides<Reading> {
  readonly before: Reading[];
  readonly after: Reading[];
}

export const records: Projection<Records> = {
  id: 'records',
  kinds: ['record', 'record-unread', 'who-am-i'],
  start: () => new RecordsFold(),
};

class RecordsFold implements Accumulator<Records> {
  readonly #records = new Map<
    string,
    RecordHistory & Sides<EventOf<'record'>> & { unread: EventOf<'record-unread'>[] }
  >();
  readonly #identities = new Map<string, IdentityHistory & Sides<EventOf<'who-am-i'>>>();

  get view(): Records {
    return { records: [...this.#records.values()], identities: [...this.#identities.values()] };
  }

  see(event: Event): void {
    if (event.kind === 'who-am-i') this.#identity(event.session)[event.at].push(event);
    else if (event.kind === 'record') this.#record(event)[event.at].push(event);
    else if (event.kind === 'record-unread') this.#record(event).unread.push(event);
  }

  #identity(session: string): IdentityHistory & Sides<EventOf<'who-am-i'>> {
    const found = this.#identities.get(session) ?? { session, before: [], after: [] };
    this.#identities.set(session, found);
    return found;
  }

  #record({ session, name, of }: { readonly session: string; readonly name: string; readonly of: Of }) {
    const key = JSON.stringify([session, of, name]);
    const found = this.#records.get(key) ?? { session, name, of, before: [], after: [], unread: [] };
    this.#records.set(key, found);
    return found;
  }
}
