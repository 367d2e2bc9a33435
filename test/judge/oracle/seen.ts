import { acksOf, attemptsOf, heardIn, isJudged, isMeantFor, promisedAt, receiptsIn } from './messages.js';
import { roleOf, of, provided, type Oracle, type Says, type Told } from './reading.js';
import { senderOf, sendOf, sentIn, storedIn, wholeRead } from './messages.js';
import { missesIn } from './delivery.js';

/** What passes when nothing of the kind was seen, and something was received at all. */
const ifHeard = (told: Told): Says =>
  provided(told, 'absence', heardIn(told).length > 0 ? 'pass' : 'unknown');

const messagesAltered: Oracle = (told) => {
  const isOther = (event: { message: string | null; digest: string }) => {
    const send = event.message === null ? undefined : sendOf(told, event.message);
    return send !== undefined && isJudged(told, send.message) && send.digest !== event.digest;
  };
  const isDamaged = of(told, 'receive', ({ damaged }) => damaged === true).some(({ session, room }) =>
    missesIn(told).missing.some((miss) => miss.reader === session && miss.send.room === room),
  );
  const isStored = storedIn(told).some(({ entry }) => isOther(entry));
  return receiptsIn(told).some(isOther) || isStored || isDamaged ? 'fail' : ifHeard(told);
};

const messagesLeaked: Oracle = (told) => {
  const isLeaked = heardIn(told).some(({ message, session, room }) => {
    if (roleOf(told, senderOf(message ?? '')) === 'auditor') return true;
    const send = sendOf(told, message ?? '');
    return !isMeantFor(told, session, room) || (send !== undefined && send.room !== room);
  });
  if (isLeaked) return 'fail';
  return told.header.plan.sessions.length === 0 ? 'unknown' : ifHeard(told);
};

/** Never handed over, or every attempt of it was refused. */
function isPhantom(told: Told, id: string): boolean {
  const answers = (kind: 'nack' | 'unsure') => of(told, kind, ({ message }) => message === id).length;
  if (acksOf(told, id).length > 0 || answers('unsure') > 0) return false;
  const attempts = attemptsOf(told, id).length;
  return attempts === 0 || answers('nack') >= attempts;
}

const messagesPhantom: Oracle = (told) => {
  const seen = [...receiptsIn(told), ...storedIn(told).map(({ entry }) => entry)];
  const phantoms = seen.flatMap(({ message }) =>
    isJudged(told, message) && isPhantom(told, message) ? [message] : [],
  );
  if (phantoms.some((id) => isHeardOf(told, id))) return 'fail';
  return phantoms.length > 0 ? 'unknown' : ifHeard(told);
};

const ofConnections = [
  'connect',
  'open',
  'ready',
  'refused',
  'close',
  'cut',
  'uncut',
  'join',
  'joined',
] as const;
const ofTalk = ['leave', 'left', 'receive', 'ack', 'send'] as const;

/** Of a sender of whom nothing is told, a file of the history may be missing. It was refused only where somebody says so. */
const isHeardOf = (told: Told, id: string) =>
  of(told, 'nack', ({ message }) => message === id).length > 0 ||
  [...ofConnections, ...ofTalk].some((kind) =>
    of(told, kind).some(({ session }) => session === senderOf(id)),
  );

/** Acknowledged before a whole cold read began, and in no read since. */
const logKept: Oracle = (told) => {
  const rooms = [...new Set(sentIn(told).map(({ room }) => room))].map((room) => keptIn(told, room));
  if (rooms.some(({ vanished }) => vanished)) return 'fail';
  if (rooms.some(({ isUnread }) => isUnread)) return 'unknown';
  return provided(told, 'presence', rooms.some(({ judged }) => judged > 0) ? 'pass' : 'unknown');
};

function keptIn(told: Told, room: string) {
  const acknowledged = sentIn(told).filter(
    (send) => send.room === room && promisedAt(told, send.message) < Infinity,
  );
  const after = of(told, 'read', (read) => read.room === room && read.at === 'after');
  const proof = after.filter((read) => read.cold && wholeRead(told, read) !== null).at(-1);
  const isPlanned = told.header.plan.sessions.some(
    ({ role, rooms }) => role === 'newcomer' && rooms.includes(room),
  );
  if (!proof) return { judged: 0, vanished: false, isUnread: acknowledged.length > 0 && isPlanned };
  const judged = acknowledged.filter(({ message }) => promisedAt(told, message) < proof.t);
  const there = storedIn(told).filter(({ read }) => after.includes(read));
  const vanished = judged.some(({ message }) => !there.some(({ entry }) => entry.message === message));
  return { judged: judged.length, vanished, isUnread: false };
}

/** Every entry of the read before is in the read after: once, alike and in its order. */
const chatLog: Oracle = (told) => {
  const rooms = [...new Set(of(told, 'read').map(({ room }) => room))].map((room) => {
    const last = (at: 'before' | 'after') =>
      of(told, 'read', (read) => read.room === room && read.at === at)
        .flatMap((read) => wholeRead(told, read) ?? [])
        .filter((entry, _, all) => entry.read === all.at(-1)?.read);
    const isRead = (at: 'before' | 'after') =>
      of(told, 'read', (read) => read.room === room && read.at === at).some((read) => wholeRead(told, read));
    return { old: last('before'), now: last('after'), was: isRead('before'), is: isRead('after') };
  });
  const compared = rooms.filter(({ was, is }) => was && is);
  if (compared.some(({ old, now }) => !areAlike(old, now))) return 'fail';
  if (rooms.some(({ was, is }) => was && !is)) return 'unknown';
  return provided(told, 'presence', compared.some(({ old }) => old.length > 0) ? 'pass' : 'unknown');
};

type Entries = ReturnType<typeof of<'stored'>>;

function areAlike(old: Entries, now: Entries): boolean {
  const places = old.map((entry) => now.filter(({ message }) => message === entry.message));
  const isEach = old.every((entry, index) => {
    const [found, ...more] = places[index] ?? [];
    const isSame =
      found?.digest === entry.digest && found.id === entry.id && found.position === entry.position;
    return isSame && more.length === 0;
  });
  const order = places.map(([found]) => (found ? now.indexOf(found) : -1));
  return isEach && order.every((place, index) => index === 0 || place >= (order[index - 1] ?? 0));
}

export const seen: Readonly<Record<string, Oracle>> = {
  'messages-altered': messagesAltered,
  'messages-leaked': messagesLeaked,
  'messages-phantom': messagesPhantom,
  'log-kept': logKept,
  'chat-log': chatLog,
};
