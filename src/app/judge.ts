import { createReadStream } from 'node:fs';
import path from 'node:path';
import { OutlastError, messageOf } from '../base/errors.js';
import { readHistory } from '../history/index.js';
import type { Event, EventOf, TestId } from '../history/events.js';
import { judging, type Outcomes } from '../judge/index.js';
import type { Verdict } from '../judge/verdict.js';
import { json, junit } from '../report/index.js';
import { atomicWrite, makeFolder } from '../system/index.js';
import { files, findHistory } from './folder.js';
import type { JudgeOptions, RunResult } from './port.js';

/** Judges a history anew, and writes the verdict beside it or into `out`, which is made where it is not there. */
export async function judge(given: string | undefined, options: JudgeOptions): Promise<RunResult> {
  const file = await findHistory(given);
  const verdict = await judgeFile(file, options.only);
  const folder = path.resolve(options.out ?? path.dirname(file));
  // What keeps it from being made is told by the writing.
  await makeFolder(folder).catch(() => undefined);
  return writeVerdict(verdict, folder);
}

/** Judges a history anew, and writes nothing. */
export async function verdictOf(given: string | undefined): Promise<RunResult> {
  const file = await findHistory(given);
  return { verdict: await judgeFile(file), folder: path.dirname(file), files: [] };
}

/** Reads a history from a file and folds every check over it. Throws `HISTORY_INVALID`, `HISTORY_VERSION`, `HISTORY_NOT_FOUND`. */
export async function judgeFile(file: string, only?: readonly TestId[]): Promise<Verdict> {
  return (await judgeRestarts(file, only)).verdict;
}

/** The same, with what became of each disruption; `see` is told of every event. */
export async function judgeRestarts(
  file: string,
  only?: readonly TestId[],
  see: (event: Event) => void = () => undefined,
): Promise<{ readonly verdict: Verdict; readonly outcomes: Outcomes }> {
  const history = await readHistory(bytesOf(file), file);
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
  await atomicWrite(path.join(folder, files.verdict), json(verdict));
  await atomicWrite(path.join(folder, files.junit), junit(verdict));
  return { verdict, folder, files: [files.history, files.verdict, files.junit] };
}

async function* bytesOf(file: string): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) yield chunk;
  } catch (error) {
    throw new OutlastError('HISTORY_NOT_FOUND', `expected a history that can be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
