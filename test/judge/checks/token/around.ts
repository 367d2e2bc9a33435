import type { Event, EventOf, PlannedSession } from '../../../../src/history/events.js';
import { arrives, loses, type Telling } from '../../derived/telling.js';
import { restarted } from '../restarted.js';
import type { Told } from '../../story.js';

type Knock = EventOf<'door'>;
type SignIn = EventOf<'sign-in'>;

/** Session 90 is an auditor; all others are residents, as none is planned. */
const sessions: readonly PlannedSession[] = [{ session: '90', role: 'auditor', rooms: [] }];

/** What happened around a restart. */
export const around = (...events: readonly Telling[]): Told => restarted({ sessions }, ...events);

const statuses: Readonly<Record<Knock['let'], Partial<Knock>>> = {
  in: { status: 200 },
  out: { status: 401 },
  'no-answer': {},
};

/** A good token is tried at a door by a request, and let in unless told. */
export const knocks = (t: number, door: string, more: Partial<Knock> = {}): Knock => ({
  ...{ t, session: '90', kind: 'door', credential: 'good', token: 'good', via: 'request' },
  ...{ door, let: 'in', ...statuses[more.let ?? 'in'] },
  ...more,
});

/** The same, for each of these times. */
export const knocksAt = (times: readonly number[], door: string, more: Partial<Knock> = {}): Knock[] =>
  times.map((t) => knocks(t, door, more));

/** A session signs in and is given the token `s` and its name. */
export const signsIn = (t: number, session: string, more: Partial<SignIn> = {}): SignIn => ({
  ...{ t, session, kind: 'sign-in', how: 'first', ok: true, user: `u${session}`, token: `s${session}` },
  ...more,
});

/** A session connects with its token, and is refused 1 ms later. */
export const turnedAway = (t: number, session: string, more: Partial<EventOf<'refused'>> = {}): Event[] => [
  { t, session, conn: 2, kind: 'connect', door: 'ws', token: `s${session}` },
  { t: t + 1, session, conn: 2, kind: 'refused', at: 'handshake', status: 401, ...more },
];

/** A session signs in, connects, loses its connection by the restart and comes back after it, each time with its token. */
export const comesBack = (session: string): Telling => [
  signsIn(100, session),
  arrives(110, session, { token: `s${session}` }),
  loses(1_010, session),
  arrives(1_200, session, { token: `s${session}`, conn: 2 }),
];
