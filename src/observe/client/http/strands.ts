import type { Seat } from '../port.js';
import { filled, isOfOneRoom } from './address.js';

/** One of the ways by which a session hears: `room` is null where it serves all rooms of the session. */
export interface Strand {
  readonly room: string | null;
  /** The rooms that it serves. */
  readonly rooms: readonly string[];
  /** Filled in. */
  readonly address: string;
}

/** One for each room where the address has a place for it, else one for all. */
export function strandsOf(url: string, seat: Pick<Seat, 'user' | 'rooms'>): readonly Strand[] {
  const { rooms } = seat;
  if (!isOfOneRoom(url)) return [{ room: null, rooms, address: filled(url, seat) }];
  return rooms.map((room) => ({ room, rooms: [room], address: filled(url, seat, room) }));
}
