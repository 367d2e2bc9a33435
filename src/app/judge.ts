import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Event, EventOf, TestId } from '../history/events.js';
import type { History } from '../history/index.js';
import { judging, type Outcomes } from '../judge/index.js';
import type { Verdict } from '../judge/verdict.js';
import { json } from '../report/json.js';
import { junit } from '../report/junit.js';
import { atomicWrite } from '../system/atomic-write.js';
import { makeFolder } from '../system/make-folder.js';
import { files, findHistory } from './folder.js';
import type { JudgeOptions, RunResult } from './port.js';
import { headerOf, openHistory, type Read } from './reading.js';

/** Judges a history anew, and writes the verdict beside it (its first file) or into `out`, which is made where it is not there. */
export async function judge(given: readonly string[], options: JudgeOptions): Promise<RunResult> {
  const found = await allFiles(given);
  const verdict = await judgeFiles(found, options);
  const folder = path.resolve(options.out ?? folderOf(found));
  // What keeps it from being made is told by the writing.
  await makeFolder(folder).catch(() => undefined);
  return writeVerdict(verdict, folder);
}

/** Judges a history anew, and writes nothing. */
export async function verdictOf(given: string | undefined): Promise<RunResult> {
  const found = await findHistory(given);
  return { verdict: await judgeFiles(found), folder: folderOf(found), files: [] };
}

/**
 * Which of these belong together: files whose headers name the same run are parts of one history. What cannot be read stands
 * alone: judging it says why.
 */
export async function together(given: readonly string[]): Promise<readonly (readonly string[])[]> {
  const byRun = new Map<string, string[]>();
  for (const one of given) {
    const run = await runOf(one).catch(() => null);
    const key = run === null ? `path ${one}` : `run ${run}`;
    byRun.set(key, [...(byRun.get(key) ?? []), one]);
  }
  return [...byRun.values()];
}

/** Reads a history from a file and folds every check over it. Throws `HISTORY_INVALID`, `HISTORY_VERSION`, `HISTORY_NOT_FOUND`. */
export async function judgeFile(file: string, only?: readonly TestId[], read?: Read): Promise<Verdict> {
  return (await judgeHistory(await openHistory(file, read), only)).verdict;
}

/** The same, with what became of each disruption; `see` is told of every event. */
export async function judgeRestarts(
  file: string,
  only?: readonly TestId[],
  see?: (event: Event) => void,
): Promise<Judged> {
  return judgeHistory(await openHistory(file), only, see);
}

interface Judged {
  readonly verdict: Verdict;
  readonly outcomes: Outcomes;
}

async function judgeHistory(
  history: History,
  only?: readonly TestId[],
  see: (event: Event) => void = () => undefined,
): Promise<Judged> {
  const judgement = judging(history.header, only ? { only } : {});
  let end: EventOf<'end'> | null = null;
  for await (const events of history.batches) {
    for (const event of events) {
      if (event.kind === 'end') end = event;
      judgement.see(event);
      see(event);
    }
  }
  const about = { judgedAt: new Date().toISOString(), notes: history.notes() };
  return { verdict: judgement.verdict(end, about), outcomes: judgement.outcomes() };
}

/** Writes the verdict and its report for CI servers, each whole or not at all. */
export async function writeVerdict(verdict: Verdict, folder: string): Promise<RunResult> {
  const written = await Promise.allSettled([
    atomicWrite(path.join(folder, files.verdict), json(verdict)),
    atomicWrite(path.join(folder, files.junit), junit(verdict)),
  ]);
  for (const one of written) if (one.status === 'rejected') throw one.reason;
  return { verdict, folder, files: [files.history, files.verdict, files.junit] };
}

async function judgeFiles(
  found: readonly string[],
  { only, read }: Pick<JudgeOptions, 'only' | 'read'> = {},
): Promise<Verdict> {
  const [first = '', ...others] = found;
  if (others.length === 0) return judgeFile(first, only, read && (await sharesOf(first, read)));
  const { judgeTogether } = await import('./together.js');
  return judgeTogether(found, only);
}

/** Of a pipe nobody knows how much is to come. */
async function sharesOf(file: string, read: (share: number) => void): Promise<Read | undefined> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() && found.size > 0 ? (bytes) => read(bytes / found.size) : undefined;
}

/** Each file once, by whatever name. */
async function allFiles(given: readonly string[]): Promise<readonly string[]> {
  const all = new Map<string, string>();
  for (const one of given.length === 0 ? [undefined] : given) {
    for (const file of await findHistory(one)) all.set(await realpath(file).catch(() => file), file);
  }
  return [...all.values()];
}

async function runOf(given: string): Promise<string | null> {
  const [first] = await findHistory(given);
  return first === undefined ? null : (await headerOf(first)).run;
}

const folderOf = ([first = '']: readonly string[]) => path.dirname(first);
