import type { Header, PlannedSession, Role } from '../../history/events.js';

/** Who is meant to be where, as the header plans it. A session that is not planned is taken for a chatter. */
export interface Seats {
  role(session: string): Role;
  /** Null where the plan does not know the session. */
  isMeantFor(session: string, room: string): boolean | null;
  /** The planned sessions that live through the run in this room: all but newcomers and auditors. */
  readersOf(room: string): readonly string[];
  /** Planned or not: does it live through the run? */
  isResident(session: string): boolean;
  readonly withRole: (role: Role) => readonly PlannedSession[];
}

const known = new WeakMap<Header, Seats>();

export function seatsOf(header: Header): Seats {
  const seats = known.get(header) ?? seatsFrom(header.plan.sessions);
  known.set(header, seats);
  return seats;
}

function seatsFrom(sessions: readonly PlannedSession[]): Seats {
  const bySession = new Map(sessions.map((seat) => [seat.session, seat]));
  const readers = new Map<string, string[]>();
  const role = (session: string) => bySession.get(session)?.role ?? 'chatter';
  for (const { session, rooms } of sessions.filter(({ role }) => livesThrough(role))) {
    for (const room of rooms) readers.set(room, [...(readers.get(room) ?? []), session]);
  }
  return {
    role,
    isMeantFor: (session, room) => bySession.get(session)?.rooms.includes(room) ?? null,
    readersOf: (room) => readers.get(room) ?? [],
    isResident: (session) => livesThrough(role(session)),
    withRole: (wanted) => sessions.filter((seat) => seat.role === wanted),
  };
}

const livesThrough = (role: Role) => role !== 'newcomer' && role !== 'auditor';
