import type { Event, EventOf, MessageId } from '../../history/events.js';
import { partsOf } from '../../history/tag.js';

/** At these moments, in order: how many sessions were back and did not have yet what they had missed. `sorted` by time. */
export function catchingUpAt(sorted: readonly Event[], moments: readonly number[]): number[] {
  const readers = new Readers();
  const found: number[] = [];
  for (const event of sorted) {
    for (let next = moments[found.length]; next !== undefined && next <= event.t;) {
      found.push(readers.catchingUp);
      next = moments[found.length];
    }
    readers.see(event);
  }
  while (found.length < moments.length) found.push(readers.catchingUp);
  return found;
}

/** How long ago a message may have been acknowledged to count as missed by who was away: longer absences are other tests. */
const rememberedMs = 30_000;

interface Reader {
  readonly rooms: Set<string>;
  readonly received: Set<MessageId>;
  connections: number;
  isBack: boolean;
  backAt: number;
  readonly missed: Map<MessageId, string>;
}

interface Sent {
  readonly room: string;
  readonly sentAt: number;
  ackAt: number | null;
}

/** Who is connected, and what each of them has still to be given. */
class Readers {
  readonly #readers = new Map<string, Reader>();
  readonly #sent = new Map<MessageId, Sent>();

  get catchingUp(): number {
    return [...this.#readers.values()].filter(({ isBack, missed }) => isBack && missed.size > 0).length;
  }

  see(event: Event): void {
    if (event.kind === 'send')
      this.#sent.set(event.message, { room: event.room, sentAt: event.t, ackAt: null });
    else if (event.kind === 'ack') this.#acknowledged(event);
    else if (event.kind === 'join') this.#of(event.session).rooms.add(event.room);
    else if (event.kind === 'ready') this.#back(event);
    else if (event.kind === 'receive') this.#receive(event);
    else if (event.kind === 'close') this.#of(event.session).isBack = false;
  }

  #acknowledged({ message, t }: EventOf<'ack'>): void {
    const sent = this.#sent.get(message);
    if (sent) sent.ackAt ??= t;
  }

  #back({ session, t }: EventOf<'ready'>): void {
    const reader = this.#of(session);
    reader.connections += 1;
    reader.isBack = true;
    reader.backAt = t;
    reader.missed.clear();
    // Who comes for the first time has missed nothing.
    if (reader.connections === 1) return;
    for (const [message, { room, ackAt }] of this.#sent) {
      const isDue = ackAt !== null && ackAt > t - rememberedMs && reader.rooms.has(room);
      if (isDue && !reader.received.has(message) && partsOf(message)?.session !== session)
        reader.missed.set(message, room);
    }
  }

  #receive({ session, message, room }: EventOf<'receive'>): void {
    if (message === null) return;
    const reader = this.#of(session);
    reader.received.add(message);
    reader.missed.delete(message);
    // What was sent since it is back follows the replay: what has not come by then is lost, and no longer on its way.
    if ((this.#sent.get(message)?.sentAt ?? 0) <= reader.backAt) return;
    for (const [missing, its] of reader.missed) if (its === room) reader.missed.delete(missing);
  }

  #of(session: string): Reader {
    const known = this.#readers.get(session);
    if (known) return known;
    const reader: Reader = {
      ...{ rooms: new Set(), received: new Set(), missed: new Map() },
      ...{ connections: 0, isBack: false, backAt: Infinity },
    };
    this.#readers.set(session, reader);
    return reader;
  }
}
