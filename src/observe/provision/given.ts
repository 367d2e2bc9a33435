import type { User } from '../identity/port.js';
import { orFailed, settled } from './check.js';
import type { Population, Provision } from './port.js';

export interface NamedUser {
  readonly name: string;
  /** Absent where tokens are minted. */
  readonly password?: string;
  /** The target's id of the user; the name unless told. */
  readonly id?: string;
}

export interface NamedOptions {
  /** `number` counts from 1. */
  readonly user: (number: number, run: string) => NamedUser;
  /** The target's id of a room; `outlast-RUN-ROOM` unless told. */
  readonly room?: (room: string, run: string) => string;
}

/** Fixed users and rooms, in the order in which they are needed. */
export function given(options: {
  readonly users: readonly NamedUser[];
  readonly rooms: readonly string[];
}): Provision {
  return {
    source: 'given',
    setUp: async (population) => {
      const pairs = population.rooms.flatMap(({ room }, index) => {
        const id = options.rooms[index];
        return id === undefined ? [] : [[room, id] as const];
      });
      return settled(population, options.users.map(userOf), Object.fromEntries(pairs));
    },
  };
}

/** Users who are there already, or need not be, and rooms that come into being when they are joined: only named. */
export function named({ user, room = ownRoom }: NamedOptions): Provision {
  return {
    /** Names that do not depend on the run are fixed: other runs may have used them. */
    get source() {
      const fixed =
        user(1, 'one').name === user(1, 'two').name || room('room', 'one') === room('room', 'two');
      return fixed ? 'given' : 'made';
    },
    setUp: (population, { signal }) =>
      orFailed('`user` and `room`, which name them,', signal, () => name(population, user, room)),
  };
}

function name(population: Population, user: NamedOptions['user'], room: NonNullable<NamedOptions['room']>) {
  const { run, rooms } = population;
  const users = Array.from({ length: population.users }, (_, index) => userOf(user(index + 1, run)));
  return settled(
    population,
    users,
    Object.fromEntries(rooms.map((each) => [each.room, room(each.room, run)])),
  );
}

const ownRoom = (room: string, run: string) => `outlast-${run}-${room}`;

const userOf = ({ name: called, password = '', id = called }: NamedUser): User => ({
  ...{ id, name: called, secret: password },
});
