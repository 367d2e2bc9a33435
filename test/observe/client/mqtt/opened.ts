import library from 'mqtt';
import type { OutlastError } from '../../../../src/base/errors.js';
import { mqtt, type MqttOptions, type Seat } from '../../../../src/observe/client/index.js';
import { means } from '../opened.js';
import { forever, seatAt } from '../seats.js';
import { Watcher } from '../watcher.js';

/** A client on a seat, watched; it is not connected yet. Its user is `ada`, in the room `lobby`. */
export function opened(options: MqttOptions, changes: Partial<Seat> = {}) {
  const watcher = new Watcher();
  const notes: string[] = [];
  const faults: OutlastError[] = [];
  const seat = seatAt(changes);
  const kind = mqtt({ reconnectPeriodMs: 10, ...options }, library, means(notes, faults));
  const client = kind.open(seat, watcher.observe);
  return { client, watcher, seat, kind, notes, faults };
}

/** A client that is in its room. */
export async function entered(options: MqttOptions, changes: Partial<Seat> = {}) {
  const all = opened(options, changes);
  await all.client.connect({ signal: forever });
  return all;
}

/** Begins to connect and does not wait for it. */
export function trying(options: MqttOptions, changes: Partial<Seat> = {}) {
  const all = opened(options, changes);
  all.client.connect({ signal: forever }).catch(() => undefined);
  return all;
}
