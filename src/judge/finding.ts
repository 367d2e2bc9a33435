import type { MessageId } from '../history/events.js';
import { CauseSet } from './cause-set.js';
import type { Cause, Finding } from './port.js';

/** The most events that evidence holds: enough to see it, few enough to read. */
const mostEvidence = 12;

type More = Partial<Pick<Finding, 'figures' | 'evidence' | 'blames' | 'likely'>>;

export const pass = (summary: string, more: More = {}): Finding => finding('pass', summary, more);
export const fail = (summary: string, more: More = {}): Finding => finding('fail', summary, more);
export const unknown = (summary: string, more: More = {}): Finding => finding('unknown', summary, more);

function finding(outcome: Finding['outcome'], summary: string, more: More): Finding {
  const known = new CauseSet();
  return {
    outcome,
    summary,
    figures: rounded(more.figures ?? {}),
    evidence: [...new Set(more.evidence ?? [])].slice(0, mostEvidence),
    blames: (more.blames ?? []).filter((cause) => known.add(cause)),
    ...(more.likely === undefined ? {} : { likely: more.likely }),
  };
}

/** To a thousandth: what lies below is noise of the clock's arithmetic. */
export const round = (value: number): number => Math.round(value * 1_000) / 1_000;

const rounded = (figures: Finding['figures']): Finding['figures'] =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(value)]));

export const sessionCause = (id: string): Cause => ({ subject: 'session', id });
export const messageCause = (id: MessageId): Cause => ({ subject: 'message', id });
/** Each of them once. */
export const messageCauses = (ids: Iterable<MessageId>): Cause[] => [...new Set(ids)].map(messageCause);
export const roomCause = (id: string): Cause => ({ subject: 'room', id });
export const serviceCause = (id: string): Cause => ({ subject: 'service', id });
/** By its number, from 0. */
export const disruptionCause = (index: number): Cause => ({ subject: 'disruption', id: String(index) });

/** So many of them, from the beginning. */
export function firstOf<T>(items: Iterable<T>, amount: number): T[] {
  const found: T[] = [];
  for (const item of items) {
    if (found.length === amount) break;
    found.push(item);
  }
  return found;
}

/** Those that are there: optional evidence. */
export const present = <T>(items: readonly (T | null | undefined)[]): T[] =>
  items.filter((item): item is T => item !== null && item !== undefined);
