import { inWords } from '../base/duration.js';
import { atMostShare, type LabelledRestart, type Outcome, type SweepRow } from '../judge/index.js';
import { columns, counted, mark, pad, plainLook, safe, type Look } from './layout.js';

/** A sweep, as data. */
export interface SweepReport {
  readonly seed: string;
  readonly outcome: Outcome;
  /** How many restarts were asked for, and how many count. */
  readonly asked: number;
  readonly restarts: number;
  readonly rows: readonly SweepRow[];
  readonly batches: readonly BatchReport[];
  readonly tookMs: number;
  /** What could not be healed. */
  readonly notes: readonly string[];
  /** What ended it early. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Some restarts one after the other, in one history. */
export interface BatchReport {
  /** From 1. */
  readonly number: number;
  /** Repeats it, as the first batch of another sweep. */
  readonly seed: string;
  /** How many restarts were planned. */
  readonly runs: number;
  readonly outcome: Outcome;
  /** Why it was skipped, is unknown or was interrupted. */
  readonly reason?: string;
  /** Those that count. */
  readonly restarts: readonly LabelledRestart[];
  readonly tookMs: number;
  /** Its run directory; null: it passed, and was taken away. */
  readonly folder: string | null;
  /** What ended it early. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** What is told of a batch when it is over, in a line. */
export function batchLine(batch: BatchReport): string {
  const { number, outcome, restarts, tookMs, folder, seed, reason } = batch;
  const failed = restarts.filter((one) => one.outcome === 'fail').length;
  const unknown = restarts.filter((one) => one.outcome === 'unknown').length;
  const sums = [
    counted(restarts.length, 'restart'),
    `${failed} failed`,
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    inWords(tookMs),
  ];
  const where = folder === null ? '' : `; seed ${seed}, kept in ${folder}`;
  const why = reason === undefined ? '' : ` (${safe(reason, plainLook)})`;
  return `batch ${number}: ${outcome}${why}, ${sums.join(', ')}${where}`;
}

const titles: Readonly<Record<SweepRow['kind'], string>> = {
  graceful: 'graceful (SIGTERM)',
  killed: 'killed (SIGKILL)',
};

/** A sweep for people: a table of its restarts, with what is shown of each sort of moment. */
export function sweepText(sweep: SweepReport, options: Partial<Look> = {}): string {
  const look = { ...plainLook, ...options };
  const told = sweep.rows.map(toldOf);
  const wide = Math.max(0, ...told.map(({ when }) => columns(when)));
  const lines = sweep.rows.flatMap((row, index) => {
    const { when, sum } = told[index] ?? toldOf(row);
    const title = row.kind === sweep.rows[index - 1]?.kind ? [] : ['', `  ${titles[row.kind]}`];
    return [...title, `  ${mark(outcomeOf(row), look)} ${pad(when, wide)}  ${sum}`];
  });
  return [
    headOf(sweep, look),
    ...lines,
    '',
    ...footOf(sweep).map((line) => `  ${safe(line, look)}`),
    '',
  ].join('\n');
}

function headOf({ outcome, restarts, asked, tookMs, seed }: SweepReport, look: Look): string {
  const word = look.paint(outcome, look.paint('strong', outcome.toUpperCase()));
  const rate = tookMs > 0 ? ` (${(restarts / (tookMs / 1_000)).toFixed(2)} a second)` : '';
  const amount = restarts < asked ? `${restarts} of ${asked} restarts` : counted(restarts, 'restart');
  return `  ${word}  ${amount} in ${inWords(tookMs)}${rate}, seed ${safe(seed, look)}`;
}

/** `0 of 200: at most 1.5 %` */
function toldOf(row: SweepRow) {
  const { n, failed, unknown, atMost } = row;
  const doubt = unknown === 0 ? '' : `, ${unknown} unknown`;
  const sum = n === 0 ? 'none fell here' : `${failed} of ${n} failed${doubt}: at most ${percent(atMost)}`;
  return { when: whenInWords(row), sum };
}

function whenInWords({ when, fromMs, toMs }: SweepRow): string {
  if (when === 'all') return 'all';
  if (when === 'catching-up') return 'while a session was catching up';
  if (when === 'starting') return 'killed again while it was starting';
  const what = when === 'ack' ? 'an acknowledgement' : 'a message sent';
  if (toMs === undefined) return `more than ${fromMs ?? 0} ms from ${what}`;
  return `${fromMs === undefined ? 'up to' : `${fromMs} to`} ${toMs} ms from ${what}`;
}

/** Rounded up: a bound must not look tighter than it is. */
const percent = (share: number) => {
  const ceiling = Math.ceil(share * 1_000 - 1e-9) / 10;
  return `${ceiling} %`;
};

function outcomeOf({ n, failed, unknown }: SweepRow): Outcome {
  if (n === 0) return 'skipped';
  return failed > 0 ? 'fail' : unknown > 0 ? 'unknown' : 'pass';
}

function footOf({ batches, rows, notes }: SweepReport): string[] {
  const reasons = batches.flatMap(({ number, reason }) =>
    reason === undefined ? [] : [`batch ${number}: ${reason}`],
  );
  const kept = batches.flatMap(({ number, folder, seed, runs }) =>
    folder === null ? [] : [`batch ${number} is kept in ${folder}; again: --runs ${runs} --seed ${seed}`],
  );
  return [...summaryOf(rows), ...reasons, ...kept, ...notes];
}

/** What the figures say, and of what they say it. */
function summaryOf(rows: readonly SweepRow[]): string[] {
  const all = rows.filter(({ when }) => when === 'all');
  const n = all.reduce((sum, row) => sum + row.n, 0);
  if (n === 0) return ['No restart can be counted.'];
  const wrong = all.reduce((sum, { failed, unknown }) => sum + failed + unknown, 0);
  const failed = all.reduce((sum, row) => sum + row.failed, 0);
  const what = failed === 0 ? 'lose a message, or fail otherwise' : 'fail';
  const doubt = wrong === failed ? '' : ` (and ${wrong - failed} unknown, counted as failed)`;
  return [
    `${failed} of ${n}${doubt}: at most ${percent(atMostShare(wrong, n))} of such restarts ${what}, 95 %; process restarts and crashes, this machine`,
  ];
}

export function sweepJson(sweep: SweepReport): string {
  const { batches, failure, ...same } = sweep;
  const plain = {
    outlast: 1,
    ...same,
    batches: batches.map((batch) => ({ ...batch, ...failureOf(batch) })),
    ...failureOf({ failure }),
  };
  return `${JSON.stringify(plain, null, 2)}\n`;
}

/** An error is no JSON. */
const failureOf = ({ failure }: { readonly failure?: SweepReport['failure'] | undefined }) =>
  failure ? { failure: { code: failure.code, message: failure.message } } : {};
