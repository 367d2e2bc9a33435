import type { EventOf } from '../../../src/history/events.js';
import { grouped, least, of, remembered, roleOf, type Told } from './reading.js';

/** `run.session.number`: who said it, and as its how-manieth. */
export const senderOf = (message: string): string => message.split('.')[1] ?? '';
export const numberOf = (message: string): number => Number(message.split('.')[2]);

/** Is it of this run, and of somebody who is judged? */
export function isJudged(told: Told, message: string | null): message is string {
  return message?.split('.')[0] === told.header.run && roleOf(told, senderOf(message)) !== 'auditor';
}

export const sendOf = (told: Told, id: string) => of(told, 'send', ({ message }) => message === id)[0];

const attempts = remembered((told) => grouped(of(told, 'written'), ({ message }) => message));
const acks = remembered((told) => grouped(of(told, 'ack'), ({ message }) => message));
export const attemptsOf = (told: Told, id: string) => attempts(told).get(id) ?? [];
export const acksOf = (told: Told, id: string) => acks(told).get(id) ?? [];

/** When its bytes were first handed over; where nobody says, when it was sent. */
export function attemptedAt(told: Told, id: string): number {
  const times = attemptsOf(told, id).map(({ t }) => t);
  return times.length > 0 ? least(times) : (sendOf(told, id)?.t ?? -Infinity);
}

/** When the target promised; `Infinity`: never. */
export const promisedAt = (told: Told, id: string): number => least(acksOf(told, id).map(({ t }) => t));

/** All that was said by those who are judged. */
export const sentIn = remembered((told) => of(told, 'send', ({ message }) => isJudged(told, message)));

/** A session is meant to be where the plan says; of one that it does not know, nothing is known. */
export function isMeantFor({ header }: Told, session: string, room: string): boolean {
  const seat = header.plan.sessions.find((one) => one.session === session);
  return seat === undefined || seat.rooms.includes(room);
}

/** Receipts of messages of this run by those who may have them, in the order of the file. */
export const receiptsIn = remembered((told) =>
  of(
    told,
    'receive',
    ({ message, session, room }) => isJudged(told, message) && isMeantFor(told, session, room),
  ),
);

const receipts = remembered((told) => grouped(receiptsIn(told), ({ message }) => message ?? ''));

/** Everything of this run that anybody received, leaks too. What auditors say to each other is nobody's matter. */
export const heardIn = (told: Told): EventOf<'receive'>[] =>
  of(told, 'receive', ({ message, session }) => {
    if (message?.split('.')[0] !== told.header.run) return false;
    return !(roleOf(told, senderOf(message)) === 'auditor' && roleOf(told, session) === 'auditor');
  });

/** What one session received of one message, first to last. */
export const receiptsOf = (told: Told, id: string, session: string): EventOf<'receive'>[] =>
  (receipts(told).get(id) ?? []).filter((event) => event.session === session);

/** Every text that is stored, with the read that shows it. */
export const storedIn = remembered((told) =>
  of(told, 'stored').flatMap((entry) => {
    const begun = of(told, 'read', ({ read, session }) => read === entry.read && session === entry.session);
    return begun.slice(0, 1).map((read) => ({ entry, read }));
  }),
);

/** Of a read, what it showed; null where it did not come to its end whole. */
export function wholeRead(told: Told, { read, session }: EventOf<'read'>): EventOf<'stored'>[] | null {
  const entries = of(told, 'stored', (event) => event.read === read && event.session === session);
  const isWhole = of(told, 'read-end', (event) => event.read === read && event.session === session).some(
    ({ ok, count }) => ok && count === entries.length,
  );
  return isWhole ? entries : null;
}
