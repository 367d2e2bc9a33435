import * as library from 'socket.io-client';
import type { OutlastError } from '../../../../src/base/errors.js';
import { type Seat, socketIo, type SocketIoOptions } from '../../../../src/observe/client/index.js';
import { means } from '../opened.js';
import { seatAt } from '../seats.js';
import { Watcher } from '../watcher.js';

/** How the chat of `chat-server.ts` is spoken to. */
export const chat = {
  auth: (token, { user }) => ({ token, user }),
  send: ({ id, room, text }) => ['say', id, room, text],
  acknowledge: (answer) => {
    const { number, error } = answer as { number?: number; error?: string };
    return error === undefined ? (number === undefined ? {} : { position: number }) : { refused: error };
  },
  receive: {
    said: (room, text, from, number) => ({
      ...{ room: String(room), text: String(text), from: String(from) },
      position: Number(number),
    }),
  },
  join: ({ room, after }) => ['join', room, after === null ? null : Number(after)],
  joined: (answer) => answer as { head: number },
  resume: true,
  backoff: { firstMs: 5, maxMs: 20, jitter: 0.5 },
} as const satisfies Omit<SocketIoOptions, 'url'>;

/** A client on a seat, watched; it is not connected yet. */
export function opened(
  options: Partial<SocketIoOptions> & { readonly url: string },
  seating: Partial<Seat> = {},
) {
  const watcher = new Watcher();
  const notes: string[] = [];
  const faults: OutlastError[] = [];
  const seat = seatAt(seating);
  const kind = socketIo({ ...chat, ...options }, means(notes, faults), library);
  const client = kind.open(seat, watcher.observe);
  return { client, watcher, seat, kind, notes, faults };
}
