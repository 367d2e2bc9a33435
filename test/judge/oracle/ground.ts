import type { Event, EventOf, Kind } from '../../../src/history/events.js';
import type { Story, Told } from '../story.js';

/** A right history, and the restart by which a fault is planted. */
export interface Ground extends Told {
  /** `signal` and `ready` are those of that restart. */
  readonly at: Story['at'];
  /** Nothing before is touched. */
  readonly since: number;
  /** The answer that was under way at it. */
  readonly answer: string;
}

/** Plants one fault somewhere; `share` in [0, 1) says where. */
export type Plant = (ground: Ground, share: number) => Told;

/** A fault, and the check that describes it. */
export interface Fault {
  readonly name: string;
  readonly finds: string;
  readonly plant: Plant;
  /** It belongs to no single restart. */
  readonly isOfAll?: true;
}

/** A history with its only restart, or with all of them. */
export const anywhere = ({ header, events, at }: Story): Ground => ({
  ...{ header, events, at, since: -Infinity, answer: 'a3' },
});

/** By the last restart only: whatever came before it stays right. */
export function atTheLast({ header, events, at, restarts }: Story): Ground {
  const { index = 0, signal = 0 } = restarts.at(-1) ?? {};
  return { header, events, at: { ...at, signal }, since: signal, answer: `a${index + 3}` };
}

/** The same ground, with what came before. */
export const withBefore = (ground: Ground): Ground => ({ ...ground, since: -Infinity });

/** One of the events of a kind that fit. */
export function picked<K extends Kind>(
  { events, since }: Pick<Ground, 'events' | 'since'>,
  share: number,
  kind: K,
  fits: (event: EventOf<K>) => boolean = () => true,
): EventOf<K> {
  const isIt = (event: Event): event is EventOf<K> => event.kind === kind && event.t >= since;
  const all = events.filter(isIt).filter(fits);
  const found = all[Math.floor(share * all.length)];
  if (!found) throw new Error(`no ${kind} to plant a fault in`);
  return found;
}
