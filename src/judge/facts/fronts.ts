import type { EventOf } from '../../history/events.js';
import { isBefore, type Message } from './message.js';
import type { Seats } from './seats.js';

type Receipt = EventOf<'receive'>;

/** At its first receipt, a message came after one that its sender sent later, or that has a later position. */
export interface Inversion {
  readonly reader: string;
  readonly by: 'number' | 'position';
  readonly earlier: Message;
  readonly later: Message;
  readonly laterReceipt: Receipt;
  readonly receipt: Receipt;
}

/** How far somebody has come. */
interface Front {
  message: Message;
  receipt: Receipt;
}

/** One reader in one room: the latest position that was received so far, and the latest message of each sender. */
export interface Place {
  /** Null where the plan does not know the session. */
  readonly isMeant: boolean | null;
  position: Front | null;
  readonly bySender: Map<string, Front>;
}

/** One reader, in all its rooms. */
export interface Reader {
  readonly isAuditor: boolean;
  readonly places: Map<string, Place>;
}

/** Who has received what so far. Looked up for every receipt: by session and by room, with no key to be put together. */
export class Readers {
  readonly #seats: Seats;
  readonly #readers = new Map<string, Reader>();

  constructor(seats: Seats) {
    this.#seats = seats;
  }

  reader(session: string): Reader {
    const known = this.#readers.get(session);
    if (known) return known;
    const reader = { isAuditor: this.#seats.role(session) === 'auditor', places: new Map<string, Place>() };
    this.#readers.set(session, reader);
    return reader;
  }

  place({ places }: Reader, session: string, room: string): Place {
    const known = places.get(room);
    if (known) return known;
    const isMeant = this.#seats.isMeantFor(session, room);
    const place = { isMeant, position: null, bySender: new Map<string, Front>() };
    places.set(room, place);
    return place;
  }
}

/** Moves the fronts of a place on; what came behind one of them is told. */
export function advance(
  place: Place,
  message: Message,
  receipt: Receipt,
  tell: (inversion: Inversion) => void,
): void {
  const front = place.bySender.get(message.sender);
  if (!front) place.bySender.set(message.sender, { message, receipt });
  else if (message.number < front.message.number) tell(inversion('number', message, receipt, front));
  else move(front, message, receipt);
  if (receipt.position === undefined) return;
  const { position } = place;
  if (!position) place.position = { message, receipt };
  else if (isBefore(receipt.position, position.receipt.position) === true) {
    tell(inversion('position', message, receipt, position));
  } else move(position, message, receipt);
}

function move(front: Front, message: Message, receipt: Receipt): void {
  front.message = message;
  front.receipt = receipt;
}

function inversion(by: Inversion['by'], earlier: Message, receipt: Receipt, front: Front): Inversion {
  const { message: later, receipt: laterReceipt } = front;
  return { reader: receipt.session, by, earlier, later, laterReceipt, receipt };
}
