import type { EventOf } from '../../../src/history/events.js';
import { acksOf, attemptedAt, attemptsOf, numberOf, promisedAt, receiptsIn } from './messages.js';
import { heardIn, isJudged, receiptsOf, senderOf, sendOf, sentIn, storedIn } from './messages.js';
import { concernedIn, heldBy, wholeAt } from './restart.js';
import { isReplayOwed } from './window.js';
import { grouped, least, of, provided, remembered, residents, type Oracle, type Told } from './reading.js';

/** Acknowledged, and its reader had joined before and did not begin to leave until then. */
export function isOwed(told: Told, { message, room }: EventOf<'send'>, reader: string): boolean {
  if (reader === senderOf(message)) return false;
  const isIts = (event: { session: string; room: string }) => event.session === reader && event.room === room;
  const leaves = [...of(told, 'leave', isIts), ...of(told, 'left', isIts)].map(({ t }) => t);
  return of(told, 'joined', isIts).some(
    ({ t }) =>
      t < attemptedAt(told, message) &&
      !leaves.some((left) => left >= t && left <= promisedAt(told, message)),
  );
}

/**
 * Owed and not received; `isShown` by a canary that its reader received afterwards, where no limit of the replay window leaves it
 * open. What was surely beyond the window is not owed.
 */
export const missesIn = remembered((told) => {
  const acknowledged = sentIn(told).filter(({ message }) => promisedAt(told, message) < Infinity);
  const meant = acknowledged.flatMap((send) =>
    residents(told)
      .filter((reader) => isOwed(told, send, reader))
      .map((reader) => ({ send, reader })),
  );
  const missing = meant
    .filter(({ send, reader }) => receiptsOf(told, send.message, reader).length === 0)
    .map((miss) => ({ ...miss, replay: isReplayOwed(told, miss.send, miss.reader) }))
    .filter(({ replay }) => replay !== 'no')
    .map((miss) => ({
      ...miss,
      isShown: miss.replay === 'yes' && heardCanary(told, miss.reader, miss.send),
    }));
  const received = meant.filter(({ send, reader }) => receiptsOf(told, send.message, reader).length > 0);
  return { owed: received.length + missing.length, missing };
});

function heardCanary(told: Told, reader: string, { room, message }: EventOf<'send'>): boolean {
  return sentIn(told)
    .filter((send) => send.purpose === 'canary' && send.room === room && send.session !== reader)
    .some((canary) => {
      const [first] = receiptsOf(told, canary.message, reader);
      return first !== undefined && first.t > promisedAt(told, message);
    });
}

const messagesLost: Oracle = (told) => {
  const { owed, missing } = missesIn(told);
  if (missing.some(({ isShown }) => isShown)) return 'fail';
  const isEveryoneBack = concernedIn(told).every(({ back }) => back !== null);
  const isAnythingAfter = of(told, 'ack').some(
    ({ message }) => isJudged(told, message) && attemptedAt(told, message) >= wholeAt(told),
  );
  const isKnown = owed > 0 && missing.length === 0 && isEveryoneBack && isAnythingAfter;
  return provided(told, 'absence', isKnown ? 'pass' : 'unknown');
};

interface Placed {
  readonly id?: string;
  readonly position?: string;
}
const areElsewhere = (one: Placed, other: Placed) =>
  (one.position !== undefined && other.position !== undefined && one.position !== other.position) ||
  (one.id !== undefined && other.id !== undefined && one.id !== other.id);

const messagesDuplicated: Oracle = (told) => {
  const isRepeated = receiptsIn(told).some((again, index, all) => {
    const first = all.find(({ message, session }) => message === again.message && session === again.session);
    return first !== undefined && all.indexOf(first) < index && isTargets(told, first, again);
  });
  if (isRepeated || isTakenForNew(told) || isStoredTwice(told)) return 'fail';
  return provided(told, 'absence', heardIn(told).length > 0 ? 'pass' : 'unknown');
};

/** Whose fault is it that a session has a message again? */
function isTargets(told: Told, first: EventOf<'receive'>, again: EventOf<'receive'>): boolean {
  if (first.conn === again.conn) return true;
  const isIts = (event: EventOf<'join'>) =>
    event.session === again.session && event.conn === again.conn && event.room === again.room;
  const cursor = of(told, 'join', isIts).at(-1)?.cursor;
  if (cursor !== undefined && again.position !== undefined && Number(again.position) <= Number(cursor))
    return true;
  const older = heldBy(told, again.session).find(({ conn }) => conn === first.conn);
  if (older && (older.close?.t ?? Infinity) > again.t) return true;
  const isOnce = attemptsOf(told, again.message ?? '').length < 2;
  return cursor !== undefined && isOnce && first.room === again.room && areElsewhere(first, again);
}

/** Sent again, and two answers or two receipts of one reader that name two places. */
function isTakenForNew(told: Told): boolean {
  if (!told.header.contract.idempotent) return false;
  return sentIn(told)
    .filter(({ message }) => attemptsOf(told, message).length > 1)
    .some(({ message }) => {
      const seen = [...acksOf(told, message)];
      if (seen.some((one) => seen.some((other) => areElsewhere(one, other)))) return true;
      return residents(told).some((reader) => {
        const got = receiptsOf(told, message, reader);
        return got.some((one) => got[0] && one.room === got[0].room && areElsewhere(got[0], one));
      });
    });
}

function isStoredTwice(told: Told): boolean {
  const stored = storedIn(told).filter(({ entry }) => entry.message !== null);
  return stored.some(({ entry: one, read }) =>
    stored.some(
      ({ entry: other, read: same }) =>
        read === same && one.index < other.index && one.message === other.message && areElsewhere(one, other),
    ),
  );
}

/** First receipts of one reader in one room, in the order of the file. */
function firstsOf(told: Told, reader: string, room: string): EventOf<'receive'>[] {
  const got = receiptsIn(told).filter((event) => event.session === reader && event.room === room);
  return got.filter((event, index) => got.findIndex(({ message }) => message === event.message) === index);
}

const messagesReordered: Oracle = (told) => {
  const { order } = told.header.contract;
  const rooms = [...new Set(receiptsIn(told).map(({ room }) => room))];
  const readers = [...new Set(receiptsIn(told).map(({ session }) => session))];
  const lists = rooms.map((room) => readers.map((reader) => firstsOf(told, reader, room)));
  const isSenderWrong = lists.flat().some((list) => pairsOf(list).some((pair) => isTurned(told, pair)));
  const isRoomWrong = order === 'room' && lists.some((room) => isOneRoomWrong(told, room));
  if (isSenderWrong || isRoomWrong) return 'fail';
  return provided(told, 'absence', heardIn(told).length > 0 ? 'pass' : 'unknown');
};

type Pair = readonly [EventOf<'receive'>, EventOf<'receive'>];
const pairsOf = (list: readonly EventOf<'receive'>[]): Pair[] =>
  list.flatMap((one, index) => list.slice(index + 1).map((other): Pair => [one, other]));

/** The first of them was received first, and the sender surely said it later. */
function isTurned(told: Told, [later, earlier]: Pair): boolean {
  const [one, other] = [earlier.message ?? '', later.message ?? ''];
  if (senderOf(one) !== senderOf(other) || numberOf(one) > numberOf(other)) return false;
  const again = attemptsOf(told, one)[1];
  const isCopy = again !== undefined && earlier.t >= again.t;
  const place = acksOf(told, one)[0]?.position;
  if (isCopy && (place === undefined || place !== earlier.position)) return false;
  return isSaidFirst(told, one, other);
}

function isSaidFirst(told: Told, one: string, other: string): boolean {
  const isSaid = sentIn(told).some(({ message }) => message === other);
  if (!isSaid || promisedAt(told, one) === Infinity) return false;
  if (promisedAt(told, one) < attemptedAt(told, other)) return true;
  const [first, ...again] = attemptsOf(told, one);
  const [second, ...more] = attemptsOf(told, other);
  const isOneConnection = first?.conn !== undefined && first.conn === second?.conn && first.t < second.t;
  const areFirst = more.length === 0 && least(again.map(({ t }) => t)) > promisedAt(told, one);
  return told.header.contract.pipelining && isOneConnection && areFirst;
}

/** Positions that go back; or, where none are told, two readers who do not agree. */
function isOneRoomWrong(told: Told, lists: readonly EventOf<'receive'>[][]): boolean {
  const all = lists.flat();
  if (all.some(({ position }) => position !== undefined)) {
    const isGivenTwice = isAnyPlaceGivenTwice(told, all[0]?.room ?? '');
    const isBack = lists.some((list) =>
      pairsOf(list).some(([one, other]) => Number(other.position) < Number(one.position)),
    );
    return isBack && !isGivenTwice;
  }
  return lists.some((list) =>
    pairsOf(list).some(([one, other]) =>
      lists.some((theirs) => {
        const place = (event: EventOf<'receive'>) =>
          theirs.findIndex(({ message }) => message === event.message);
        return place(other) !== -1 && place(other) < place(one);
      }),
    ),
  );
}

/** Where it was sent; of what nobody sent, where it was first seen. */
const roomOf = (told: Told, id: string) =>
  (sendOf(told, id) ?? receiptsIn(told).find(({ message }) => message === id))?.room;

/** Everything that was ever called by a number or an id in this room. */
export function sightingsIn(told: Told, room: string): (Placed & { message: string; live: boolean })[] {
  const live = [...of(told, 'ack'), ...receiptsIn(told).filter((event) => event.room === room)]
    .filter(({ message }) => isJudged(told, message) && roomOf(told, message) === room)
    .map((event) => ({ ...event, message: event.message ?? '', live: true }));
  const stored = storedIn(told)
    .filter(({ entry, read }) => entry.message !== null && read.room === room)
    .map(({ entry }) => ({ ...entry, message: entry.message ?? '', live: false }));
  return [...live, ...stored];
}

export function isAnyPlaceGivenTwice(told: Told, room: string): boolean {
  const all = sightingsIn(told, room);
  const isOfTwo = (by: 'position' | 'id') => {
    const named = all.filter((one) => one[by] !== undefined);
    const places = [...grouped(named, (one) => one[by] ?? '').values()];
    return places.some((its) => new Set(its.map(({ message }) => message)).size > 1);
  };
  return isOfTwo('position') || isOfTwo('id');
}

export const delivery: Readonly<Record<string, Oracle>> = {
  'messages-lost': messagesLost,
  'messages-duplicated': messagesDuplicated,
  'messages-reordered': messagesReordered,
};
