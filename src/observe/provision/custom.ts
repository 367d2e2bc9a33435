import { orFailed, failed, settled } from './check.js';
import type { Population, Provision, Settled } from './port.js';

interface Call {
  readonly signal: AbortSignal;
}

export interface CustomOptions {
  readonly setUp: (population: Population, call: Call) => Promise<Settled>;
  readonly tearDown?: (call: Call) => Promise<void>;
}

/** Users and rooms that somebody else's code makes, and takes away. */
export function custom({ setUp, tearDown }: CustomOptions): Provision {
  return {
    source: 'made',
    setUp: async (population, call) => {
      const made: unknown = await orFailed('`setUp` of the provision', call.signal, () =>
        setUp(population, call),
      );
      if (!isSettled(made)) {
        throw failed(
          'expected `setUp` of the provision to give { users: [{ id, name, secret }], rooms: { NAME: id } } with texts in it; got something else',
        );
      }
      return settled(population, made.users, made.rooms);
    },
    ...(tearDown && {
      tearDown: (call: Call) => orFailed('`tearDown` of the provision', call.signal, () => tearDown(call)),
    }),
  };
}

/** The code of a config need not have been checked by a compiler. */
function isSettled(value: unknown): value is Settled {
  if (!isObject(value)) return false;
  const { users, rooms } = value;
  return (
    Array.isArray(users) &&
    users.every((user) => isObject(user) && [user['id'], user['name'], user['secret']].every(isText)) &&
    isObject(rooms) &&
    Object.values(rooms).every(isText)
  );
}

const isText = (value: unknown) => typeof value === 'string';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
