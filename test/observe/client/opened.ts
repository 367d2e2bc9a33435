import type { OutlastError } from '../../../src/base/errors.js';
import type { ReconnectingOptions, Seat, WebSocketOptions } from '../../../src/observe/client/index.js';
import { webSocket } from '../../../src/observe/client/index.js';
import { run, seatAt } from './seats.js';
import { Watcher } from './watcher.js';

export const means = (notes: string[] = [], faults: OutlastError[] = []) => ({
  run,
  digest: (text: string) => `digest of ${text.length}`,
  note: (text: string) => void notes.push(text),
  broken: (error: OutlastError) => void faults.push(error),
});

/** A client on a seat, watched; it is not connected yet. */
export function opened(
  options: WebSocketOptions,
  changes: { readonly seat?: Partial<Seat>; readonly reconnection?: ReconnectingOptions } = {},
) {
  const watcher = new Watcher();
  const notes: string[] = [];
  const faults: OutlastError[] = [];
  const seat = seatAt(changes.seat);
  const kind = webSocket(options, means(notes, faults), {
    backoff: { firstMs: 5, maxMs: 20, factor: 2 },
    ...changes.reconnection,
  });
  const client = kind.open(seat, watcher.observe);
  return { client, watcher, seat, kind, notes, faults };
}
