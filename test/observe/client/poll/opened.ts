import type { OutlastError } from '../../../../src/base/errors.js';
import { tagOf } from '../../../../src/history/tag.js';
import {
  pollConnector,
  reconnecting,
  type PollOptions,
  type Seat,
} from '../../../../src/observe/client/index.js';
import { means } from '../opened.js';
import { forever, run, seatAt } from '../seats.js';
import { EventServer, type Habits, type Respond } from '../sse/event-server.js';
import { Watcher } from '../watcher.js';

interface Said {
  readonly number: number;
  readonly text: string;
}

/** What is said in a room, from 1. */
export const said = (number: number): Said => ({ number, text: `${tagOf(`${run}.2.${number}`)} hello` });

/** A server that shows of a list what comes after `after`. `polled`: what is done with the nth question instead. */
export async function chatOf(
  posts: readonly Said[],
  polled: Respond = () => true,
  habits: Habits = {},
  port = 0,
) {
  return EventServer.start(
    {
      ...habits,
      stream: async (response, request, nth) => {
        if ((await polled(response, request, nth)) !== true) return false;
        const after = Number(new URL(request.url ?? '', 'http://here').searchParams.get('after'));
        response.end(JSON.stringify(posts.filter(({ number }) => number > after)));
        return false;
      },
    },
    port,
  );
}

/** A small protocol: `GET …?after=3` gives a list of `{ number, text }`, posts go to `/rooms/:room`. */
export const protocol = {
  send: ({ id, room, text }) => ({ path: `/rooms/${room}`, body: { id, text } }),
  acknowledge: ({ body }) => ({ position: (body as { number: number }).number }),
  receive: ({ body, room }) =>
    (body as Said[]).map(({ number, text }) => ({ room: room ?? 'lobby', text, position: number })),
  intervalMs: 5,
} satisfies Partial<PollOptions>;

/** A client on a seat, watched; it is not connected yet. */
export function opened(
  options: Partial<PollOptions> & Pick<PollOptions, 'url'>,
  changes: { readonly seat?: Partial<Seat> } = {},
) {
  const watcher = new Watcher();
  const notes: string[] = [];
  const faults: OutlastError[] = [];
  const seat = seatAt(changes.seat);
  const connector = pollConnector({ ...protocol, ...options }, means(notes, faults));
  const kind = reconnecting(connector, { backoff: { firstMs: 5, maxMs: 20, factor: 2 } });
  const client = kind.open(seat, watcher.observe);
  return { client, watcher, seat, kind, notes, faults };
}

/** Begins to connect and does not wait for it. */
export function trying(...given: Parameters<typeof opened>) {
  const all = opened(...given);
  all.client.connect({ signal: forever }).catch(() => undefined);
  return all;
}
