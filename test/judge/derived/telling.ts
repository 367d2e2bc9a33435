import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { ContractChanges } from '../../../src/contract/contracts.js';
import type {
  Event,
  EventOf,
  Header,
  PlannedDisruption,
  PlannedSession,
} from '../../../src/history/events.js';
import type { Accumulator, Context, Projection } from '../../../src/judge/port.js';
import { headerOf } from '../story-plan.js';
import type { Told } from '../story.js';

/** What a short history is told about; the rest of its header is as in a story. */
export interface Setting {
  readonly contract?: ContractChanges;
  readonly without?: Header['plan']['without'];
  readonly sessions?: readonly PlannedSession[];
  readonly disruptions?: readonly PlannedDisruption[];
}

// Not that of a story: to tell one, all that judges would have to be read.
const common = headerOf([], exactlyOnce(), {});
const restart: PlannedDisruption = { type: 'restart', services: ['backend'], holdsConnections: true };

/** The facts of a history, folded when they are asked for: for tests of what is worked out from them. */
export function contextOf({ header, events }: Told): Context {
  const folds = new Map<Projection<unknown>, Accumulator<unknown>>();
  return {
    header,
    facts<View>(projection: Projection<View>): View {
      const known = folds.get(projection) as Accumulator<View> | undefined;
      if (known) return known.view;
      const fold = projection.start(header);
      for (const event of events) if (projection.kinds.includes(event.kind)) fold.see(event);
      folds.set(projection, fold);
      return fold.view;
    },
  };
}

/** Events, and what is told in several of them. */
export type Telling = Event | readonly Telling[];

const inOne = (telling: Telling): readonly Event[] =>
  'kind' in telling ? [telling] : telling.flatMap(inOne);

/** A short history, in the order of time. */
export function told(setting: Setting, ...events: readonly Telling[]): Told {
  const { contract = {}, without = {}, sessions = [], disruptions = [restart] } = setting;
  const plan = { ...common.plan, without, sessions, disruptions };
  return {
    header: { ...common, contract: exactlyOnce(contract), plan },
    events: [...inOne(events)].sort((one, other) => one.t - other.t),
  };
}

/** The facts of a short history. */
export const telling = (setting: Setting, ...events: readonly Telling[]): Context =>
  contextOf(told(setting, ...events));

export interface Arrival {
  readonly conn?: number;
  readonly rooms?: readonly string[];
  readonly instance?: string;
  readonly cursor?: string;
  readonly token?: string;
}

/** A session connects at `t`, is let in 1 ms later, is in its rooms 2 ms later and ready 3 ms later. */
export function arrives(t: number, session: string, arrival: Arrival = {}): Event[] {
  const { conn = 1, rooms = ['r1'], instance, cursor, token } = arrival;
  const its = { session, conn } as const;
  return [
    { t, ...its, kind: 'connect', door: 'ws', ...(token === undefined ? {} : { token }) },
    { t: t + 1, ...its, kind: 'open', ...(instance === undefined ? {} : { instance }) },
    ...rooms.flatMap((room): Event[] => [
      { t: t + 1, ...its, kind: 'join', room, ...(cursor === undefined ? {} : { cursor }) },
      { t: t + 2, ...its, kind: 'joined', room },
    ]),
    { t: t + 3, ...its, kind: 'ready', claims: 'unstated' },
  ];
}

/** A session's connection ends. */
export const loses = (
  t: number,
  session: string,
  conn = 1,
  by: EventOf<'close'>['by'] = 'target',
): EventOf<'close'> => ({ t, session, conn, kind: 'close', by });

/** An attempt that comes to nothing after `ms`. */
export const fails = (t: number, session: string, conn: number, ms = 1): Event[] => [
  { t, session, conn, kind: 'connect', door: 'ws' },
  { t: t + ms, session, conn, kind: 'refused', at: 'handshake', status: 503 },
];

export const idOf = (session: string, number: number): string => `${common.run}.${session}.${number}`;

export interface Saying {
  readonly conn?: number;
  readonly room?: string;
  readonly due?: number;
  readonly purpose?: 'canary' | 'probe';
  /** Null: no answer. 1 ms later unless told. */
  readonly ackAt?: number | null;
  readonly id?: string;
  readonly position?: string;
}

const placed = ({ id, position }: Pick<Saying, 'id' | 'position'>) => ({
  ...(id === undefined ? {} : { id }),
  ...(position === undefined ? {} : { position }),
});

/** A session sends its message of this number, and it is acknowledged. */
export function says(t: number, session: string, number: number, saying: Saying = {}): Event[] {
  const { conn = 1, room = 'r1', due = t, purpose, ackAt = t + 1 } = saying;
  const message = idOf(session, number);
  const about = { session, message } as const;
  const why = purpose === undefined ? {} : { purpose };
  return [
    { t, ...about, kind: 'send', due, room, digest: `d${message}`, ...why },
    { t, ...about, conn, kind: 'written', attempt: 1 },
    ...(ackAt === null
      ? []
      : [{ t: ackAt, ...about, conn, kind: 'ack', ...placed(saying) } satisfies EventOf<'ack'>]),
  ];
}

/** A session receives the message of that number of another. */
export function hears(
  t: number,
  session: string,
  [sender, number]: readonly [sender: string, number: number],
  more: Pick<Saying, 'conn' | 'room' | 'id' | 'position'> = {},
): EventOf<'receive'> {
  const { conn = 1, room = 'r1' } = more;
  const message = idOf(sender, number);
  return {
    ...{ t, session, conn, kind: 'receive', room, message, digest: `d${message}` },
    ...placed(more),
  };
}

type Step = EventOf<'disruption'>;

/** A step of the first disruption, of the one service there is. */
export const step = (t: number, its: Step['step'], more: Partial<Step> = {}): Step => ({
  ...{ t, kind: 'disruption', disruption: 0, type: 'restart', service: 'backend', step: its },
  ...more,
});

/** All steps of a restart, from the begin at `t` (the signal 1 ms later) until it is ready at `readyAt`. */
export const restarts = (t: number, readyAt: number | null, more: Partial<Step> = {}): Step[] => [
  step(t, 'begin', { instance: 'old', ...more }),
  step(t + 1, 'signal', { signal: 'SIGTERM', ...more }),
  ...(readyAt === null ? [] : [step(readyAt, 'ready', { ...more, instance: 'new' })]),
];

/** One entry of what is stored: a message of this run, or a text that is not. */
export type Entry = { readonly of: readonly [sender: string, number: number] | null } & Partial<
  Pick<EventOf<'stored'>, 'digest' | 'id' | 'position' | 'damaged' | 'from'>
>;

export interface Reading {
  readonly session?: string;
  readonly room?: string;
  readonly cold?: boolean;
  readonly ok?: boolean;
  /** Of the entries that were shown, unless told. */
  readonly count?: number;
}

/** A reading of what is stored of a room, to its end 2 ms later. */
export function reading(
  t: number,
  at: EventOf<'read'>['at'],
  entries: readonly Entry[],
  its: Reading = {},
): Event[] {
  const { session = '90', room = 'r1', cold = at === 'after', ok = true, count = entries.length } = its;
  const about = { session, read: `${room} at ${t}` } as const;
  return [
    { t, ...about, kind: 'read', room, cold, at },
    ...entries.map(({ of, ...more }, index): Event => {
      const message = of && idOf(...of);
      return { t: t + 1, ...about, kind: 'stored', index, message, digest: `d${message ?? ''}`, ...more };
    }),
    { t: t + 2, ...about, kind: 'read-end', ok, count },
  ];
}
