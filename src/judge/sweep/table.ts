import type { Moment } from './moments.js';
import { atMostShare } from './bound.js';

/** What became of one restart. */
export type RestartOutcome = 'pass' | 'fail' | 'unknown';

/** One restart of a sweep: when it fell, and what became of it. */
export interface LabelledRestart extends Moment {
  readonly outcome: RestartOutcome;
}

/** How restarts end what they strike, in a table. */
const restartKinds = ['graceful', 'killed'] as const;
export type RestartKind = (typeof restartKinds)[number];

/** What a row is about: `ack`, `send`: how far the nearest acknowledgement, or message handed to the target, was away. */
export type SweepWhen = 'all' | 'ack' | 'send' | 'catching-up' | 'starting';

/** Some of the restarts of a sweep. A restart is in every row that is true of it. */
export interface SweepRow {
  readonly kind: RestartKind;
  readonly when: SweepWhen;
  /** Of `ack` and `send`: farther than `fromMs`, and at most `toMs`; absent: however near, or far. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly n: number;
  readonly failed: number;
  readonly unknown: number;
  /** At most this share of such restarts fails, with 95 % confidence; what is unknown counts as failed. 1 where n is 0. */
  readonly atMost: number;
}

/** Distances in ms: up to the first, from there to the second, … */
const bands = [1, 5, 25] as const;

/** The rows of a sweep: of each kind that there is, all of its restarts, and those of each sort of moment. */
export function sweepTable(restarts: readonly LabelledRestart[]): readonly SweepRow[] {
  return restartKinds.flatMap((kind) => {
    const own = restarts.filter((restart) => kindOf(restart) === kind);
    return own.length === 0 ? [] : rowsOf(kind, own);
  });
}

/** A crash is told by what it struck with, or by its name where no signal is seen. */
export const kindOf = ({ signal, type }: Pick<Moment, 'signal' | 'type'>): RestartKind =>
  signal === 'SIGKILL' || type === 'crash' ? 'killed' : 'graceful';

function rowsOf(kind: RestartKind, own: readonly LabelledRestart[]): SweepRow[] {
  const row = (when: SweepWhen, among: readonly LabelledRestart[]) => ({ kind, when, ...countsOf(among) });
  const catching = own.filter(({ catchingUp }) => catchingUp > 0);
  const starting = own.filter(({ whileStarting }) => whileStarting);
  return [
    row('all', own),
    ...byDistance(own, ({ ackMs }) => ackMs).map((band) => ({ kind, when: 'ack', ...band }) as const),
    ...byDistance(own, ({ sendMs }) => sendMs).map((band) => ({ kind, when: 'send', ...band }) as const),
    row('catching-up', catching),
    ...(kind === 'killed' ? [row('starting', starting)] : []),
  ];
}

type Counts = Pick<SweepRow, 'n' | 'failed' | 'unknown' | 'atMost'>;
type Band = Counts & Pick<SweepRow, 'fromMs' | 'toMs'>;

/** Only the bands that something fell into. */
function byDistance(own: readonly LabelledRestart[], of: (one: LabelledRestart) => number | null): Band[] {
  const all = [0, ...bands].map((fromMs, index) => {
    const toMs = bands[index] ?? Infinity;
    const among = own.filter((one) => isWithin(of(one) ?? Infinity, fromMs, toMs));
    const limits = { ...(fromMs > 0 && { fromMs }), ...(toMs < Infinity && { toMs }) };
    return { ...limits, ...countsOf(among) };
  });
  return all.filter(({ n }) => n > 0);
}

const isWithin = (ms: number, from: number, to: number) => ms <= to && (from === 0 || ms > from);

function countsOf(among: readonly LabelledRestart[]): Counts {
  const failed = among.filter(({ outcome }) => outcome === 'fail').length;
  const unknown = among.filter(({ outcome }) => outcome === 'unknown').length;
  return { n: among.length, failed, unknown, atMost: atMostShare(failed + unknown, among.length) };
}
