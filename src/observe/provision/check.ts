import { messageOf, OutlastError } from '../../base/errors.js';
import { printable } from '../../base/printable.js';
import type { User } from '../identity/port.js';
import type { Population, Settled } from './port.js';

/** What users and rooms must be, whoever made them. Throws `PROVISION_FAILED` for anything else. */
export function settled(population: Population, users: readonly User[], rooms: Settled['rooms']): Settled {
  if (users.length < population.users) {
    throw failed(`expected ${population.users} users, one for each session; got ${users.length}`);
  }
  const taken = users.slice(0, population.users);
  const twice = taken.find(({ id }, index) => taken.findIndex((other) => other.id === id) !== index);
  if (twice) {
    throw failed(`expected every user to be somebody else; got "${printable(twice.id)}" twice`);
  }
  const missing = population.rooms.find(({ room }) => !Object.hasOwn(rooms, room));
  if (missing) {
    throw failed(
      `expected ${population.rooms.length} rooms; got ${Object.keys(rooms).length}, and none for ${missing.room}`,
    );
  }
  const ids = population.rooms.map(({ room }) => rooms[room] ?? '');
  const shared = ids.find((id, index) => ids.indexOf(id) !== index);
  if (shared !== undefined)
    throw failed(`expected every room to be another; got "${printable(shared)}" twice`);
  return { users: taken, rooms };
}

export function failed(message: string, cause?: unknown): OutlastError {
  return new OutlastError('PROVISION_FAILED', message, { cause });
}

/** Does the work of somebody else's function. Throws `PROVISION_FAILED` with what it threw. */
export async function orFailed<T>(what: string, signal: AbortSignal, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OutlastError && error.code === 'PROVISION_FAILED') throw error;
    throw failed(`expected ${what} to succeed; it threw: ${printable(messageOf(error), 300)}`, error);
  }
}
