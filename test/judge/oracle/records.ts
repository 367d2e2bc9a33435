import { isAnyPlaceGivenTwice, sightingsIn } from './delivery.js';
import { isJudged, receiptsIn, senderOf, sentIn, storedIn } from './messages.js';
import { grouped, isResident, of, provided, type Oracle, type Says, type Told } from './reading.js';

/** The same before and after, of everyone who lives through the run. */
function kept(told: Told, kind: 'user' | 'session' | 'other'): Says {
  const all = of(told, 'record', (record) => record.of === kind && isResident(told, record.session));
  const names = [...new Set(all.map(({ session, name }) => `${session} ${name}`))].map((key) => {
    const its = all.filter(({ session, name }) => `${session} ${name}` === key);
    const read = (at: 'before' | 'after') => its.filter((one) => one.at === at).map(({ digest }) => digest);
    return { before: read('before'), after: read('after') };
  });
  const known = names.filter(({ before }) => before.length > 0);
  const isRestless = ({ before }: (typeof known)[number]) => new Set(before).size > 1;
  const isOther = (one: (typeof known)[number]) =>
    !isRestless(one) && one.after.length > 0 && one.after.at(-1) !== one.before[0];
  if (known.some(isOther)) return 'fail';
  const isAll = known.every((one) => !isRestless(one) && one.after.length > 0);
  return known.length > 0 && isAll ? 'pass' : 'unknown';
}

/** Told one place live, and stored at another. */
function isAnyMoved(told: Told, room: string): boolean {
  const all = sightingsIn(told, room);
  const storedAt = (at: 'before' | 'after') =>
    storedIn(told)
      .filter(({ read }) => read.room === room && read.at === at)
      .map(({ entry }) => entry);
  const entries = { before: storedAt('before'), after: storedAt('after') };
  return all.some(({ live, message, id, position }) => {
    if (!live) return false;
    const its = (at: 'before' | 'after') => entries[at].filter((entry) => entry.message === message);
    const stored = its('after').length > 0 ? its('after') : its('before');
    const isNot = (mine: string | undefined, theirs: (string | undefined)[]) => {
      const named = theirs.filter((one) => one !== undefined);
      return mine !== undefined && named.length > 0 && !named.includes(mine);
    };
    return (
      isNot(
        position,
        stored.map((one) => one.position),
      ) ||
      isNot(
        id,
        stored.map((one) => one.id),
      )
    );
  });
}

const noRecordChanged: Oracle = (told) => {
  const rooms = [...new Set([...sentIn(told), ...of(told, 'read')].map(({ room }) => room))];
  const isWrong = rooms.some((room) => isAnyPlaceGivenTwice(told, room) || isAnyMoved(told, room));
  const hasOthers = told.header.plan.without['other-records'] === undefined;
  const others = hasOthers ? kept(told, 'other') : 'pass';
  if (isWrong || others === 'fail') return 'fail';
  const isGiven = of(told, 'ack').some(({ message }) => isJudged(told, message));
  return provided(told, 'absence', others === 'pass' && isGiven ? 'pass' : 'unknown');
};

/** The same user, the same claims, and everybody's messages under one name. */
const identityKept: Oracle = (told) => {
  const asked = of(told, 'who-am-i', ({ session }) => isResident(told, session));
  const sessions = [...new Set(asked.filter(({ at }) => at === 'before').map(({ session }) => session))];
  const isChanged = sessions.some((session) => {
    const first = asked.find((one) => one.session === session && one.at === 'before');
    const after = asked.filter((one) => one.session === session && one.at === 'after');
    return after.some(({ user, digest }) => user !== first?.user || digest !== first.digest);
  });
  const stored = storedIn(told).map(({ entry }) => entry);
  if (isChanged || isNamedTwice(receiptsIn(told)) || isNamedTwice(stored)) return 'fail';
  const isTold = sessions.every((session) =>
    asked.some((one) => one.session === session && one.at === 'after'),
  );
  return provided(told, 'presence', sessions.length > 0 && isTold ? 'pass' : 'unknown');
};

/** Of one sender, under two names. */
function isNamedTwice(all: readonly { message: string | null; from?: string }[]): boolean {
  const named = all.filter(({ message, from }) => message !== null && from !== undefined);
  const bySender = grouped(named, ({ message }) => senderOf(message ?? ''));
  return [...bySender.values()].some((its) => new Set(its.map(({ from }) => from)).size > 1);
}

export const records: Readonly<Record<string, Oracle>> = {
  'user-data': (told) => provided(told, 'presence', kept(told, 'user')),
  'session-data': (told) => provided(told, 'presence', kept(told, 'session')),
  'no-record-changed': noRecordChanged,
  'identity-kept': identityKept,
};
