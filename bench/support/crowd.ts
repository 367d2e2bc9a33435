import { setMaxListeners } from 'node:events';
import { seeded } from '../../build/base/random.js';
import { exactlyOnce } from '../../build/contract/contracts.js';
import type { Header, Seen } from '../../build/history/events.js';
import { webSocket, type Client, type ClientKind, type Seat } from '../../build/observe/client/index.js';
import { digestOf } from '../../build/observe/record/index.js';

export const run = 'bench000';
export const contract = exactlyOnce();
export const digest = (text: string): string => digestOf(text, 'exact');

/** What our clients are given by a run. */
export const means = { run, digest };

/** Our client, as a run uses it. */
export const clientKind = (url: string): ClientKind => webSocket({ url, resume: true }, means);

/** Who a session is, and where it belongs: a room of its own. */
export const placeOf = (session: string) => ({
  user: `user ${session}`,
  room: `room ${session}`,
  token: `token-of-${session}`,
});

/** A seat in a room of its own. */
export function seatOf(session: string): Seat {
  const { user, room, token } = placeOf(session);
  return {
    ...{ session, user, rooms: [room] },
    credentials: () => Promise.resolve({ token, label: `s${session}-1` }),
    ...{ rejected, resolve, random },
  };
}

// All seats share them: what a seat weighs is not what a client weighs.
const rejected = () => undefined;
const resolve = (url: string) => new URL(url);
const random = seeded('bench');

/** Numbered from 1, as a run does. */
export const sessionNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(index + 1));

/** Does something for each, so many at a time. */
export async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items.values();
  const work = async () => {
    for (const item of queue) await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** A client on its seat, connected and in its room. */
export async function connected(
  kind: ClientKind,
  seat: Seat,
  observe: (seen: Seen) => void,
): Promise<Client> {
  const client = kind.open(seat, observe);
  await client.connect({ signal: never });
  return client;
}

const never = new AbortController().signal;
// All sessions share it.
setMaxListeners(0, never);

/** The header of a history in which these sessions chat. */
export function headerOf(sessions: Header['plan']['sessions'], changes: Partial<Header> = {}): Header {
  return {
    ...{ outlast: 1, run, seed: 'bench', epoch: new Date(0).toISOString(), writer: 'bench', contract },
    plan: {
      tests: ['session', 'token', 'reconnect', 'continuity', 'integrity', 'performance'],
      without: {},
      sessions,
      disruptions: [{ type: 'restart', services: ['backend'], holdsConnections: true }],
      client: { name: 'websocket', reconnects: 'itself', offlineSend: 'refused' },
      messagesPerSecond: 100,
      quietMs: 2_000,
    },
    ...changes,
  };
}
