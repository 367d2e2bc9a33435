import type { Event, EventOf, Role } from '../../../src/history/events.js';
import type { Told } from '../story.js';

/**
 * A history as the oracle reads it: the plain array of its events, gone through again for each question. Slow, and nothing
 * of it is shared with `src/judge`: what both say is said twice, and where they differ one of them is wrong.
 */
export type { Told };
export type Says = 'pass' | 'fail' | 'unknown';

/** What one check ought to say of a history. */
export type Oracle = (told: Told) => Says;

/** Asked of one history again and again, and answered once. */
export function remembered<T>(ask: (told: Told) => T): (told: Told) => T {
  const known = new WeakMap<Told, { readonly answer: T }>();
  return (told) => {
    const found = known.get(told) ?? { answer: ask(told) };
    known.set(told, found);
    return found.answer;
  };
}

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), groups.get(keyOf(item)) ?? []);
  for (const item of items) groups.get(keyOf(item))?.push(item);
  return groups;
}

const byKind = remembered(({ events }) => grouped(events, ({ kind }) => kind));

/** The events of a kind, in the order of the file. */
export const of = <K extends Event['kind']>(
  told: Told,
  kind: K,
  fits: (event: EventOf<K>) => boolean = () => true,
): EventOf<K>[] => ((byKind(told).get(kind) ?? []) as EventOf<K>[]).filter(fits);

export const least = (times: readonly number[]): number => Math.min(...times);
export const most = (times: readonly number[]): number => Math.max(...times);

export const endOf = ({ events }: Told) => events.find((event) => event.kind === 'end');
export const isCompleted = (told: Told): boolean => endOf(told)?.how === 'completed';

export const roleOf = ({ header }: Told, session: string): Role =>
  header.plan.sessions.find((seat) => seat.session === session)?.role ?? 'chatter';

export const isResident = (told: Told, session: string): boolean =>
  !['newcomer', 'auditor'].includes(roleOf(told, session));

/** Every session that the history or its plan names and that lives through the run. */
export const residents = remembered((told): string[] => {
  const named = told.events.flatMap((event) => ('session' in event ? [event.session] : []));
  const planned = told.header.plan.sessions.map(({ session }) => session);
  return [...new Set([...named, ...planned])].filter((session) => isResident(told, session));
});

export const phaseAt = (told: Told, phase: EventOf<'phase'>['phase']): number =>
  of(told, 'phase', (event) => event.phase === phase)[0]?.t ?? Infinity;

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** When this program stood still. */
export const stallsOf = (told: Told): Stretch[] =>
  of(told, 'stall').map(({ t, ms }) => ({ from: t - ms, to: t }));

/** How many ms of that time some of these cover, between each two edges of any of them. */
export function coveredIn(stretches: readonly Stretch[], from: number, to: number): number {
  const edges = [from, to, ...stretches.flatMap((one) => [one.from, one.to])]
    .filter((t) => t >= from && t <= to)
    .sort((one, other) => one - other);
  return edges.reduce((sum, edge, index) => {
    const next = edges[index + 1] ?? edge;
    return stretches.some((one) => one.from <= edge && next <= one.to) ? sum + next - edge : sum;
  }, 0);
}

/** How many ms of that time this program stood still. */
export const stalledIn = (told: Told, from: number, to: number): number =>
  coveredIn(stallsOf(told), from, to);

/** It stood still for more than half of the time from when sessions were let in. */
function isAsleep(told: Told): boolean {
  const begin = phaseAt(told, 'establish');
  const from = begin === Infinity ? 0 : begin;
  const until = endOf(told)?.t ?? of(told, 'stall').at(-1)?.t ?? from;
  return stalledIn(told, from, until) > (until - from) / 2;
}

/** Without an end, what rests on absence is not proved; without a blow, or by who slept, nothing is. */
export function provided(told: Told, rests: 'absence' | 'presence', says: Says): Says {
  if (says !== 'pass') return says;
  const isOf = (wanted: (step: string) => boolean) => of(told, 'disruption').some(({ step }) => wanted(step));
  const isStruck = isOf((step) => step === 'begin') && isOf((step) => step !== 'begin' && step !== 'failed');
  if (!isStruck || isAsleep(told)) return 'unknown';
  return rests === 'absence' && !isCompleted(told) ? 'unknown' : 'pass';
}
