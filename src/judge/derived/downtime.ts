import type { Event } from '../../history/events.js';
import type { Message } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { servedWithinMs } from '../facts/slowness.js';
import { heldBetween, idleBetween, timeline } from '../facts/timeline.js';
import { present, round } from '../finding.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { struckOf, type Return } from './returns.js';
import { throughAt } from './thread.js';

/** How long one session was not served around one disruption, in ms. Source: semantics, "Time" (downtime). */
export interface Downtime {
  readonly from: Return;
  /** Due time of the first send that was not served → due time of the first that was (or its return, or its last answer, if it sent no more); a lower bound where there is no end. */
  readonly ms: number;
  /** Due time of the first → of the last that was not served. */
  readonly atLeast: number;
  /** Due time of the last that was served → of the first that was served again. */
  readonly atMost: number;
  /** False: nothing was served any more. */
  readonly isOver: boolean;
  readonly evidence: readonly Event[];
}

interface Due {
  readonly due: number;
  readonly isServed: boolean;
  /** Null: it never was. */
  readonly answeredAt: number | null;
  readonly message: Message;
}

/** What one session sent, by due time. */
interface Sends {
  readonly scheduled: Due[];
  /** Those that were sent when all else was over. */
  readonly canaries: Due[];
}

export const downtimesOf = once((context): readonly Downtime[] => {
  const sends = sendsOf(context);
  return lastOfEach(struckOf(context)).flatMap((from) => {
    const its = sends.get(from.session);
    return (its && downtimeOf(context, from, its)) ?? [];
  });
});

/** However often a disruption struck a session, its downtime is one: the budget is one for each deploy. */
function lastOfEach(returns: readonly Return[]): readonly Return[] {
  const last = new Map(returns.map((one) => [JSON.stringify([one.disruption.index, one.session]), one]));
  return [...last.values()];
}

/** Probes show nothing: they are sent in the name of an auditor. */
function sendsOf(context: Context): ReadonlyMap<string, Sends> {
  const view = context.facts(timeline);
  const sends = new Map<string, Sends>();
  for (const message of context.facts(messages).messages.values()) {
    const { send, sender } = message;
    if (!send || send.purpose === 'probe') continue;
    const answeredAt = throughAt(context, message);
    const isServed =
      answeredAt !== null &&
      answeredAt - send.due - idleBetween(view, send.due, answeredAt) <= servedWithinMs;
    const of = sends.get(sender) ?? { scheduled: [], canaries: [] };
    sends.set(sender, of);
    const list = send.purpose === 'canary' ? of.canaries : of.scheduled;
    list.push({ due: send.due, isServed, answeredAt, message });
  }
  for (const { scheduled, canaries } of sends.values())
    for (const list of [scheduled, canaries]) list.sort((one, other) => one.due - other.due);
  return sends;
}

/** Null where the session sent nothing that could show it. Several outages add up. */
function downtimeOf(context: Context, from: Return, { scheduled, canaries }: Sends): Downtime | null {
  const { disruption } = from;
  const view = context.facts(timeline);
  const next = view.disruptions.find(({ index }) => index > disruption.index)?.beginAt ?? Infinity;
  const lasting = (begin: number, end: number) => end - begin - heldBetween(view, begin, end);
  const sends = scheduled.filter(({ due }) => due < next);
  if (!sends.some(({ due }) => due >= disruption.beginAt)) return null;
  const outages = outagesIn(sends, disruption.beginAt - servedWithinMs);
  const sum = (part: (outage: Outage) => number) =>
    outages.reduce((total, outage) => total + part(outage), 0);
  const endOf = (outage: Outage) => endedAt(outage, from, canaries);
  return {
    from,
    ms: sum((outage) => lasting(outage.first.due, endOf(outage) ?? outage.last.due)),
    atLeast: sum(({ first, last }) => lasting(first.due, last.due)),
    atMost: sum((outage) => lasting(outage.before, endOf(outage) ?? Infinity)),
    isOver: outages.every((outage) => endOf(outage) !== null),
    evidence: outages.flatMap(({ first, again }) => present([first.message.send, again?.message.send])),
  };
}

/**
 * A session that has nothing more to send could be served from when it was back. Where all that it said was answered late to
 * the last, it was slow, and not without service: that ended with the last answer at the latest, or with a canary that was
 * answered in time. Null: there is no end.
 */
function endedAt({ last, again }: Outage, { backAt }: Return, canaries: readonly Due[]): number | null {
  if (again) return again.due;
  if (backAt !== null && backAt >= last.due) return backAt;
  const canary = canaries.find(({ due, isServed }) => isServed && due >= last.due)?.due ?? Infinity;
  const end = Math.min(last.answeredAt ?? Infinity, canary);
  return end === Infinity ? null : end;
}

/** Sends one after the other that were not served. */
interface Outage {
  /** Due time of the last send before it that was served. */
  readonly before: number;
  readonly first: Due;
  last: Due;
  again: Due | undefined;
}

function outagesIn(sends: readonly Due[], begin: number): Outage[] {
  const outages: Outage[] = [];
  let open: Outage | null = null;
  let before = begin;
  for (const send of sends) {
    if (send.isServed) {
      if (open) open.again = send;
      open = null;
      before = send.due;
    } else if (open) open.last = send;
    else if (send.due >= begin) outages.push((open = { before, first: send, last: send, again: undefined }));
  }
  return outages;
}

const monthMs = 30 * 24 * 60 * 60 * 1_000;

/** How much downtime a month the availability target leaves room for, in ms: 43.2 min at 99.9 %. Rounded, as the share that is left over is a little off in binary. */
const errorBudgetMs = ({ header }: Context): number =>
  round(monthMs * (1 - header.contract.availability.target));

/** How long one restart may leave a session without service, in ms, so that those of a month fit into its error budget. */
export const downtimeBudgetMs = (context: Context): number =>
  errorBudgetMs(context) / Math.max(context.header.contract.availability.restartsPerMonth, 1);

/** How many deploys a month the worst session's downtime leaves room for; null where there is no limit or nothing was measured. */
export function deploysPerMonth(context: Context): number | null {
  const worst = Math.max(0, ...downtimesOf(context).map(({ ms }) => ms));
  return worst === 0 ? null : Math.floor(errorBudgetMs(context) / worst);
}
