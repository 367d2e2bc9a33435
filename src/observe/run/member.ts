import type { PlannedSession, Seen } from '../../history/events.js';
import type { Keeper } from '../identity/index.js';
import type { User } from '../identity/port.js';
import type { Client, ClientKind, Seat } from '../client/port.js';
import type { Settled } from '../provision/port.js';
import type { Recorder } from '../record/port.js';
import type { Random } from '../../base/random.js';

/** One session of the run: its plan, its user, its seat and its client. */
export interface Member {
  readonly planned: PlannedSession;
  readonly user: User;
  readonly keeper: Keeper;
  readonly seat: Seat;
  readonly client: Client;
  /** Records what this session sees; the target's ids of rooms become our names. */
  observe(seen: Seen): void;
}

export interface Enrolment {
  readonly settled: Settled;
  readonly client: ClientKind;
  readonly recorder: Recorder;
  readonly random: Random;
  /** Where this session dials: past the relay where one stands before it. */
  resolve(session: string, url: string): URL;
  /** The target's own address, whatever stands before it. */
  origin(url: string): URL;
  keeper(planned: PlannedSession, user: User, observe: (seen: Seen) => void): Keeper;
}

/** Gives a planned session its user, its seat and its client. Touches no network. */
export function enrol(planned: PlannedSession, index: number, enrolment: Enrolment): Member {
  const { settled, recorder, client } = enrolment;
  const user = settled.users[index];
  if (!user) throw new RangeError(`no user for session ${planned.session}`);
  const observe = naming(settled, recorder.session(planned.session));
  const keeper = enrolment.keeper(planned, user, observe);
  const seat: Seat = {
    session: planned.session,
    user: user.name,
    rooms: planned.rooms.map((room) => settled.rooms[room] ?? room),
    credentials: (call) => keeper.credentials(call),
    rejected: (credentials) => keeper.rejected(credentials),
    resolve: (url) => enrolment.resolve(planned.session, url),
    origin: (url) => enrolment.origin(url),
    random: enrolment.random.fork(`session ${planned.session}`),
  };
  return { planned, user, keeper, seat, client: client.open(seat, observe), observe };
}

/** Histories speak of rooms by our names; a room that we did not make keeps the target's id. */
function naming(settled: Settled, observe: (seen: Seen) => void): (seen: Seen) => void {
  const ours = new Map(Object.entries(settled.rooms).map(([room, id]) => [id, room]));
  return (seen) => {
    observe('room' in seen ? { ...seen, room: ours.get(seen.room) ?? seen.room } : seen);
  };
}
