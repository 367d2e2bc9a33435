import type { OutlastError } from '../../../../src/base/errors.js';
import {
  reconnecting,
  sseConnector,
  type Seat,
  type SseOptions,
} from '../../../../src/observe/client/index.js';
import { means } from '../opened.js';
import { forever, seatAt } from '../seats.js';
import { Watcher } from '../watcher.js';

interface Said {
  readonly room: string;
  readonly text: string;
  readonly number?: number;
}

/** A small protocol: events `chat` with `{ room, text }`, posts to `/rooms/:room`. The id of an event is a position. */
export const protocol = {
  send: ({ id, room, text, user }) => ({ path: `/rooms/${room}`, body: { id, text, user } }),
  acknowledge: ({ body }) => ({ position: (body as { number: number }).number }),
  receive: ({ event, id, data }) => {
    if (event !== 'chat') return null;
    const { room, text } = data as Said;
    return { room, text, ...(id === null ? {} : { position: id }) };
  },
  resume: true,
} satisfies Partial<SseOptions>;

/** A client on a seat, watched; it is not connected yet. */
export function opened(
  options: Partial<SseOptions> & Pick<SseOptions, 'url'>,
  changes: { readonly seat?: Partial<Seat> } = {},
) {
  const watcher = new Watcher();
  const notes: string[] = [];
  const faults: OutlastError[] = [];
  const seat = seatAt(changes.seat);
  const connector = sseConnector({ ...protocol, ...options }, means(notes, faults));
  const kind = reconnecting(connector, { backoff: { firstMs: 5, maxMs: 20, factor: 2 } });
  const client = kind.open(seat, watcher.observe);
  return { client, watcher, seat, kind, connector, notes, faults };
}

/** Begins to connect and does not wait for it. */
export function trying(...given: Parameters<typeof opened>) {
  const all = opened(...given);
  all.client.connect({ signal: forever }).catch(() => undefined);
  return all;
}
