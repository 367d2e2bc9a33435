import type { EventOf } from '../../../src/history/events.js';
import { acksOf, attemptedAt, attemptsOf, promisedAt, sentIn } from './messages.js';
import { cutsOf, heldBy, type Held } from './restart.js';
import { least, most, of, type Told } from './reading.js';

/** A time without a connection, as far as it is known. */
interface Absence {
  /** When the reader last showed life. */
  readonly lifeAt: number;
  /** When the target last surely held it: what it said later may have waited to be read, so its cause counts. */
  readonly heldAt: number;
  /** When its loss was noticed, or its network was cut. */
  readonly goneAt: number;
  /** When it first tried to come back. */
  readonly triedAt: number;
  /** When it was in the room again. */
  readonly joinedAt: number;
}

/** What a reader who was away is owed of one message: surely a replay, surely none, or nobody can tell. */
export function isReplayOwed(told: Told, send: EventOf<'send'>, reader: string): 'yes' | 'no' | 'unclear' {
  const { message, room } = send;
  const absences = absencesOf(told, reader, room);
  const after = (since: (absence: Absence) => number) =>
    absences.find(
      (one) => promisedAt(told, message) >= since(one) && attemptedAt(told, message) < one.joinedAt,
    );
  const absence = after(({ lifeAt }) => lifeAt) ?? after(({ heldAt }) => heldAt);
  if (!absence) return 'yes';
  const { ms = Infinity, messages = Infinity } = told.header.contract.replayWindow;
  const { lifeAt, goneAt, triedAt, joinedAt } = absence;
  const [fewest, greatest] = messages === Infinity ? [0, 0] : passedIn(told, absence, room);
  const isOutside = triedAt - goneAt > ms || fewest > messages;
  // Until its loss was noticed it may have been there, and then no window excuses that it lacks the message.
  if (isOutside && promisedAt(told, message) >= goneAt) return 'no';
  return !isOutside && joinedAt - lifeAt <= ms && greatest <= messages ? 'yes' : 'unclear';
}

/** Was it, when it lost its connection then, away for longer than any window reaches, in one of its rooms? */
export function isTooLate(told: Told, session: string, lostAt: number): boolean {
  const { ms = Infinity, messages = Infinity } = told.header.contract.replayWindow;
  const rooms = new Set(of(told, 'joined', (event) => event.session === session).map(({ room }) => room));
  return [...rooms].some((room) => {
    const all = absencesOf(told, session, room);
    const absence = all.find(({ goneAt, joinedAt }) => goneAt <= lostAt && lostAt <= joinedAt);
    if (!absence) return false;
    const [fewest] = messages === Infinity ? [0] : passedIn(told, absence, room);
    return absence.triedAt - absence.goneAt > ms || fewest > messages;
  });
}

function absencesOf(told: Told, session: string, room: string): Absence[] {
  const held = heldBy(told, session);
  return held.flatMap((had, index) => absenceAfter(told, room, had, held[index + 1]) ?? []);
}

function absenceAfter(told: Told, room: string, had: Held, next: Held | undefined): Absence | null {
  const { session, readyAt, close } = had;
  const cuts = cutsOf(told, session).map(({ from }) => from);
  const cut = cuts.filter((from) => from >= readyAt && from <= (next?.readyAt ?? Infinity));
  const goneAt = least([close?.t ?? Infinity, ...cut]);
  if (goneAt === Infinity || (close?.by === 'session' && !next)) return null;
  const isOnIt = (event: { session: string; conn?: number }) =>
    event.session === session && event.conn === had.conn;
  const signs = (['open', 'joined', 'ready', 'receive', 'ack'] as const).flatMap((kind) =>
    of(told, kind, isOnIt),
  );
  const joined = of(
    told,
    'joined',
    (event) => event.session === session && event.conn === next?.conn && event.room === room,
  );
  const joinedAt = joined[0]?.t ?? next?.readyAt ?? Infinity;
  const tries = of(told, 'connect', (event) => event.session === session && event.t >= goneAt);
  return {
    ...{ goneAt, joinedAt, triedAt: tries[0]?.t ?? joinedAt },
    lifeAt: Math.min(goneAt, most(signs.map(({ t }) => t))),
    heldAt: Math.min(goneAt, most(signs.map((sign) => causeAt(told, sign)))),
  };
}

/** What is said of a message was said after the message was sent; all else when it was heard. */
function causeAt(told: Told, sign: EventOf<'open' | 'joined' | 'ready' | 'receive' | 'ack'>): number {
  if (!('message' in sign)) return sign.t;
  return of(told, 'send', ({ message }) => message === sign.message)[0]?.t ?? sign.t;
}

/** How many messages were taken in the room in that time: surely, and at most. */
function passedIn(
  told: Told,
  { lifeAt, goneAt, triedAt, joinedAt }: Absence,
  room: string,
): [number, number] {
  const taken = sentIn(told).filter((send) => send.room === room && mayBeTaken(told, send.message));
  const within = (from: number, to: number) =>
    taken.filter(({ message }) => attemptedAt(told, message) >= from && promisedAt(told, message) <= to);
  const possibly = taken.filter(
    ({ message }) => attemptedAt(told, message) <= joinedAt && promisedAt(told, message) >= lifeAt,
  );
  return [within(goneAt, triedAt).length, possibly.length];
}

/** It was not kept back for want of a connection, and not refused by every answer. */
function mayBeTaken(told: Told, message: string): boolean {
  const attempts = attemptsOf(told, message).length;
  const answered = (kind: 'nack' | 'unsure' | 'unoffered') =>
    of(told, kind, (event) => event.message === message).length;
  if (acksOf(told, message).length > 0 || answered('unsure') > 0) return true;
  return attempts > answered('nack') || attempts + answered('nack') + answered('unoffered') === 0;
}
