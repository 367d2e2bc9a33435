import { promisedAt, sentIn } from './messages.js';
import { concernedIn, heldIn, idleIn, type Concerned } from './restart.js';
import { provided, type Oracle, type Told } from './reading.js';

/** A user has noticed. */
const servedWithinMs = 1_000;
const monthMs = 30 * 24 * 60 * 60 * 1_000;

interface Sent {
  readonly due: number;
  readonly answeredAt: number;
  readonly isServed: boolean;
}

/** What a session said that was no canary (or all its canaries), in the order in which it was due. */
const saidBy = (told: Told, session: string, isCanary: boolean): Sent[] =>
  sentIn(told)
    .filter((send) => send.session === session && (send.purpose === 'canary') === isCanary)
    .filter(({ purpose }) => purpose !== 'probe')
    .map(({ due, message }) => {
      const answeredAt = promisedAt(told, message);
      return { due, answeredAt, isServed: servedIn(told, due, answeredAt) <= servedWithinMs };
    })
    .sort((one, other) => one.due - other.due);

/** How long a user waited, but for what this program slept or kept the target down. */
const servedIn = (told: Told, due: number, answeredAt: number) =>
  answeredAt === Infinity ? Infinity : answeredAt - due - idleIn(told, due, answeredAt);

/** Per restart and session: from the first due time that was not served to the first that was again, with its bounds. */
function downtimeOf(told: Told, one: Concerned) {
  const { beginAt: begin, nextAt } = one.blow;
  const said = saidBy(told, one.session, false).filter(({ due }) => due < nextAt);
  if (!said.some(({ due }) => due >= begin)) return [];
  const from = begin - servedWithinMs;
  const unserved = said.filter(({ due, isServed }) => due >= from && !isServed);
  const firsts = unserved.filter((sent) => {
    const before = said[said.indexOf(sent) - 1];
    return before === undefined || before.isServed || before.due < from;
  });
  const outages = firsts.map((first) => {
    const rest = said.slice(said.indexOf(first));
    const again = rest.find(({ isServed }) => isServed);
    const last = (again ? rest.slice(0, rest.indexOf(again)) : rest).at(-1) ?? first;
    const served = said.filter(({ due, isServed }) => isServed && due <= first.due);
    const before = served.filter((sent) => said.indexOf(sent) < said.indexOf(first)).at(-1)?.due ?? from;
    const end = again?.due ?? endWithout(told, one, last);
    return { atLeast: lasting(told, first.due, last.due), atMost: lasting(told, before, end) };
  });
  const sum = (of: 'atLeast' | 'atMost') => outages.reduce((all, outage) => all + outage[of], 0);
  return [{ atLeast: sum('atLeast'), atMost: sum('atMost') }];
}

const lasting = (told: Told, from: number, to: number) =>
  to === Infinity ? Infinity : to - from - heldIn(told, from, to);

/** It had nothing more to say: its return, its last answer or a canary that was answered in time shows the end. */
function endWithout(told: Told, { session, backAt }: Concerned, last: Sent): number {
  if (backAt !== null && backAt >= last.due) return backAt;
  const canary = saidBy(told, session, true).find(({ due, isServed }) => isServed && due >= last.due);
  return Math.min(last.answeredAt, canary?.due ?? Infinity);
}

const availability: Oracle = (told) => {
  const { target, restartsPerMonth } = told.header.contract.availability;
  const allowed = (monthMs * (1 - target)) / Math.max(restartsPerMonth, 1);
  const struck = concernedIn(told).filter(({ how }) => how === 'struck');
  const all = struck.flatMap((one) => downtimeOf(told, one));
  const holdsNone = told.header.plan.disruptions.every(({ holdsConnections }) => !holdsConnections);
  if (all.length === 0) return provided(told, 'absence', holdsNone ? 'pass' : 'unknown');
  if (all.some(({ atLeast }) => atLeast > allowed)) return 'fail';
  return provided(told, 'absence', all.some(({ atMost }) => atMost > allowed) ? 'unknown' : 'pass');
};

export const availabilities: Readonly<Record<string, Oracle>> = { availability };
