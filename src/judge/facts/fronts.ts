import type { EventOf } from '../../history/events.js';
import { isBefore, type Message } from './message.js';
import type { Seats } from './seats.js';

type Receipt = EventOf<'receive'>;

/** At its first receipt, a message came after one that its sender sent later, or that has a later position. */
export interface Inversion<Its extends Message = Message> {
  readonly reader: string;
  readonly by: 'number' | 'position';
  readonly earlier: Its;
  readonly later: Its;
  readonly laterReceipt: Receipt;
  readonly receipt: Receipt;
}

/** How far somebody has come. */
interface Front<Its> {
  message: Its;
  receipt: Receipt;
}

/** One reader in one room: the latest position that was received so far, and the latest message of each sender. */
export interface Place<Its extends Message = Message> {
  /** Null where the plan does not know the session. */
  readonly isMeant: boolean | null;
  position: Front<Its> | null;
  readonly bySender: Map<string, Front<Its>>;
}

/** One reader, in all its rooms. */
export interface Reader<Its extends Message = Message> {
  readonly isAuditor: boolean;
  readonly places: Map<string, Place<Its>>;
}

/** Who has received what so far. Looked up for every receipt: by session and by room, with no key to be put together. */
export class Readers<Its extends Message = Message> {
  readonly #seats: Seats;
  readonly #readers = new Map<string, Reader<Its>>();

  constructor(seats: Seats) {
    this.#seats = seats;
  }

  reader(session: string): Reader<Its> {
    const known = this.#readers.get(session);
    if (known) return known;
    const reader = {
      isAuditor: this.#seats.role(session) === 'auditor',
      places: new Map<string, Place<Its>>(),
    };
    this.#readers.set(session, reader);
    return reader;
  }

  place({ places }: Reader<Its>, session: string, room: string): Place<Its> {
    const known = places.get(room);
    if (known) return known;
    const isMeant = this.#seats.isMeantFor(session, room);
    const place = { isMeant, position: null, bySender: new Map<string, Front<Its>>() };
    places.set(room, place);
    return place;
  }
}

/** Moves the fronts of a place on; what came behind one of them is told. */
export function advance<Its extends Message>(
  place: Place<Its>,
  message: Its,
  receipt: Receipt,
  tell: (inversion: Inversion<Its>) => void,
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

function move<Its>(front: Front<Its>, message: Its, receipt: Receipt): void {
  front.message = message;
  front.receipt = receipt;
}

function inversion<Its extends Message>(
  by: Inversion['by'],
  earlier: Its,
  receipt: Receipt,
  front: Front<Its>,
): Inversion<Its> {
  const { message: later, receipt: laterReceipt } = front;
  return { reader: receipt.session, by, earlier, later, laterReceipt, receipt };
}
