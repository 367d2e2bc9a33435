import path from 'node:path';
import { inWords } from '../base/duration.js';
import type { OutlastError } from '../base/errors.js';
import { printable } from '../base/printable.js';
import { merged } from '../history/index.js';
import type { Event, EventOf, Source, TestId } from '../history/index.js';
import { alignmentOf, judging, sessionsInWords, Survey } from '../judge/index.js';
import type { Alignment, JudgedAbout, Offsets, Outcome, Precedence, Twice, Verdict } from '../judge/index.js';
import { expectOneRun, partsError, type Part } from './parts.js';
import { headerOf, openHistory } from './reading.js';

type Doubtful = Omit<JudgedAbout, 'judgedAt'>;

/** What a first reading of a part shows. */
interface Surveyed extends Part {
  /** The wall clock at its t = 0, in ms. */
  readonly epochMs: number;
  /** Parts with the same epoch share one clock. */
  readonly clock: number;
  /** The latest of its events, on its own clock. */
  readonly lastAt: number;
  readonly end: EventOf<'end'> | null;
  /** It tells what was done to the target: its clock is the one that all are aligned to. */
  readonly conducts: boolean;
  readonly sessions: ReadonlySet<string>;
  readonly notes: readonly string[];
}

/**
 * Judges one history that was recorded in several files: read once to see how their clocks stand to each other, and then as one,
 * under each alignment that is possible. What does not come out the same under all of them is unknown. Rejects as a history in one
 * file does, and with `HISTORY_PARTS`.
 */
export async function judgeTogether(files: readonly string[], only?: readonly TestId[]): Promise<Verdict> {
  const { parts, precedences } = await surveyOf(files);
  const reference = parts.find(({ conducts }) => conducts) ?? parts[0];
  const clocks = new Set(parts.map(({ clock }) => clock)).size;
  const alignment = alignmentOf(clocks, reference?.clock ?? 0, precedences);
  if (!reference || !alignment) throw contradiction(parts, precedences);
  const outcomes = new Map<string, Set<Outcome>>();
  for (const offsets of alignment.others) {
    const { tests } = await judgedAs({ parts, reference, offsets }, only, {});
    for (const { id, outcome } of tests.flatMap(({ checks }) => checks))
      outcomes.set(id, (outcomes.get(id) ?? new Set<Outcome>()).add(outcome));
  }
  const { offsets, withinMs } = alignment;
  const notes = [...notesOn(parts), ...(clocks > 1 ? [clockNote(parts.length, clocks, alignment)] : [])];
  const doubt = outcomes.size > 0 ? { doubt: { within: inWords(withinMs), outcomes } } : {};
  return judgedAs({ parts, reference, offsets }, only, { notes, ...doubt });
}

/** Reads all parts, one after the other; little of each is remembered. */
async function surveyOf(files: readonly string[]) {
  const opened: Part[] = [];
  for (const file of files) opened.push({ file, header: await headerOf(file) });
  expectOneRun(opened);
  const epochs = [...new Set(opened.map(({ header }) => Date.parse(header.epoch)))];
  const survey = new Survey();
  const parts: Surveyed[] = [];
  for (const [index, part] of opened.entries()) {
    const epochMs = Date.parse(part.header.epoch);
    const clock = epochs.indexOf(epochMs);
    const shift = epochMs - (epochs[0] ?? epochMs);
    const see = (event: Event) => survey.see(index, clock, event.t + shift, event);
    parts.push({ ...part, epochMs, clock, ...(await surveyed(part.file, see)) });
  }
  const { twice } = survey;
  if (twice) throw partsError(`${twiceInWords(twice, files)}. Is one a copy of the other?`);
  return { parts, precedences: survey.precedences() };
}

const twiceInWords = ({ message, files: [one, other] }: Twice, files: readonly string[]) =>
  `expected each event in one file; message ${printable(message)} is sent in ${files[one] ?? ''} and in ${files[other] ?? ''}`;

async function surveyed(file: string, see: (event: Event) => void) {
  const history = await openHistory(file);
  const sessions = new Set<string>();
  let end: EventOf<'end'> | null = null;
  let [lastAt, conducts] = [Number.NEGATIVE_INFINITY, false];
  for await (const events of history.batches) {
    for (const event of events) {
      see(event);
      lastAt = Math.max(lastAt, event.t);
      if ('session' in event) sessions.add(event.session);
      else if (event.kind === 'end') end = event;
      else conducts ||= event.kind === 'disruption';
    }
  }
  return { lastAt, end, conducts, sessions, notes: history.notes() };
}

/** All parts as one history, under one alignment of their clocks. */
interface Whole {
  readonly parts: readonly Surveyed[];
  readonly reference: Surveyed;
  readonly offsets: Offsets;
}

async function judgedAs(whole: Whole, only: readonly TestId[] | undefined, about: Doubtful) {
  const { parts, reference } = whole;
  const judgement = judging(reference.header, only ? { only } : {});
  const sources: Source[] = [];
  for (const part of parts)
    sources.push({ batches: (await openHistory(part.file)).batches, offsetMs: shiftOf(whole, part) });
  const cutAt = brokenAt(whole);
  for await (const events of merged(sources)) {
    for (const event of events) if (event.t <= cutAt && event.kind !== 'end') judgement.see(event);
  }
  const end = cutAt < Infinity ? null : endOf(whole);
  return judgement.verdict(end, { judgedAt: new Date().toISOString(), ...about });
}

/** What is added to the times of a part, in ms. */
const shiftOf = ({ reference, offsets }: Whole, { epochMs, clock }: Surveyed) =>
  epochMs - reference.epochMs + (offsets[clock] ?? 0);

/** What comes later than the last of a part that breaks off is not judged: a part of what happened then is missing. */
const brokenAt = (whole: Whole) =>
  Math.min(...whole.parts.map((part) => (part.end ? Infinity : part.lastAt + shiftOf(whole, part))));

const worse: readonly EventOf<'end'>['how'][] = ['failed', 'interrupted', 'skipped', 'completed'];

/** The worst end of all parts, at the latest of their times. */
function endOf(whole: Whole): EventOf<'end'> | null {
  const ends = whole.parts.flatMap((part) =>
    part.end ? [{ ...part.end, t: part.end.t + shiftOf(whole, part) }] : [],
  );
  const t = Math.max(...ends.map((end) => end.t));
  const worst = ends.sort((one, other) => worse.indexOf(one.how) - worse.indexOf(other.how))[0];
  const missing = missingOf(whole.parts);
  if (worst?.how === 'completed' && missing.length > 0)
    return { t, kind: 'end', how: 'failed', reason: missingInWords(missing) };
  return worst ? { ...worst, t } : null;
}

/** Sessions that live through the run, and of which nothing is told: their file is not there. */
function missingOf(parts: readonly Surveyed[]): readonly string[] {
  const told = new Set(parts.flatMap(({ sessions }) => [...sessions]));
  const planned = parts[0]?.header.plan.sessions ?? [];
  const residents = planned.filter(({ role }) => role !== 'newcomer' && role !== 'auditor');
  return residents.map(({ session }) => session).filter((session) => !told.has(session));
}

const missingInWords = (sessions: readonly string[]) =>
  `no file tells anything of ${sessionsInWords(sessions)}, which the plan names: is a file missing?`;

function notesOn(parts: readonly Surveyed[]): string[] {
  const missing = missingOf(parts);
  return [
    ...parts.flatMap(({ file, notes }) => notes.map((note) => `${path.basename(file)}: ${note}`)),
    ...parts
      .filter(({ end }) => !end)
      .map(({ file }) => `${path.basename(file)} breaks off without an end: nothing later is judged`),
    ...(missing.length > 0 ? [missingInWords(missing)] : []),
  ];
}

function clockNote(files: number, clocks: number, { correctedMs, withinMs }: Alignment): string {
  const corrected =
    correctedMs < 1 ? '' : `, corrected by up to ${inWords(correctedMs)} by what messages show`;
  return `${files} files on ${clocks} clocks, aligned by their epochs${corrected}; how they stand to each other is known to within ${inWords(withinMs)}`;
}

function contradiction(parts: readonly Surveyed[], precedences: readonly Precedence[]): OutlastError {
  const worst = [...precedences].sort((one, other) => other.lead - one.lead)[0];
  const fileOf = (clock: number | undefined) => parts.find((part) => part.clock === clock)?.file ?? 'a file';
  return partsError(
    `expected clocks that differ by a second at most; by the epochs of their files, message ${printable(worst?.message ?? '')} is received in ${fileOf(worst?.to)} ${inWords(worst?.lead ?? 0)} before it is sent in ${fileOf(worst?.from)}. ` +
      'Correct the epoch in the first line of the file whose clock was wrong',
  );
}
