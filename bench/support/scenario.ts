import { seeded, type Random } from '../../build/base/random.js';

/** One run of the demo, all of it drawn from its seed: the same seed draws the same. */
export interface Scenario {
  readonly seed: string;
  /** What is done to the service, in words. */
  readonly kind: string;
  readonly crash: boolean;
  readonly both: boolean;
  readonly rolling: boolean;
  readonly restarts: number;
  readonly sessions: number;
  readonly roomSize: number;
  readonly messagesPerSecond: number;
}

type Struck = Pick<Scenario, 'kind' | 'crash' | 'both' | 'rolling' | 'restarts'>;

const once = { crash: false, both: false, rolling: false, restarts: 1 };

/** Each as likely as any other. */
const kinds: readonly ((random: Random) => Struck)[] = [
  () => ({ ...once, kind: 'a graceful restart of the backend' }),
  () => ({ ...once, kind: 'a crash of the backend', crash: true }),
  () => ({ ...once, kind: 'a graceful restart of auth and backend', both: true }),
  () => ({ ...once, kind: 'a crash of auth and backend', both: true, crash: true }),
  () => ({ ...once, kind: 'a rolling restart of two backends', rolling: true }),
  (random) => ({
    ...{ kind: 'two or three restarts, one after the other', restarts: 2 + random.below(2) },
    ...{ crash: random() < 0.5, both: random() < 0.5, rolling: false },
  }),
];

/** Rooms have at least four, so that each kind of session is there: who is away, who comes late, and two who chat. */
const roomSizes = { from: 4, to: 8 };
/** So many rooms that some session is away before the restart as well. */
const rooms = { from: 3, to: 9 };
/** Of one session: a message in two seconds is a slow chat, three in a second are a quick one. */
const perSecond = { from: 0.5, to: 3 };

export function scenarioOf(seed: string): Scenario {
  const random = seeded(seed).fork('scenario');
  const struck = kinds[random.below(kinds.length)]?.(random.fork('kind'));
  if (!struck) throw new RangeError('expected a kind of disruption');
  const roomSize = within(roomSizes, random);
  // The last room need not be full.
  const sessions = roomSize * within(rooms, random) + random.below(roomSize);
  const rate = perSecond.from + random() * (perSecond.to - perSecond.from);
  return { seed, ...struck, sessions, roomSize, messagesPerSecond: Math.round(sessions * rate) };
}

/** The seed of the run that follows. */
export function nextSeed(seed: string): string {
  const random = seeded(seed).fork('next run');
  return Array.from({ length: 8 }, () => random.below(36).toString(36)).join('');
}

const within = ({ from, to }: { readonly from: number; readonly to: number }, random: Random) =>
  from + random.below(to - from + 1);
