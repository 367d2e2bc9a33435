import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OutlastError } from '../base/errors.js';
import { makeFolder } from '../system/make-folder.js';

/** Where runs are kept unless told: below the working directory. */
const runsFolder = 'outlast-runs';

/** The names of the files in a run directory. */
export const files = {
  history: 'history.ndjson',
  verdict: 'verdict.json',
  junit: 'junit.xml',
  target: 'target',
  sweep: 'sweep.json',
} as const;

/**
 * Makes the run directory, before anything else is touched: `out` itself, or `outlast-runs/<time>-<id>`. Throws
 * `WRITE_FAILED` where nothing can be written, and `USAGE` where a run is there already.
 */
export async function makeRunFolder(out: string | undefined, run: string, at: Date): Promise<string> {
  const folder = path.resolve(out ?? path.join(runsFolder, `${stamp(at)}-${run}`));
  await makeWritable(folder, files.target);
  if (await isThere(path.join(folder, files.history))) {
    throw new OutlastError(
      'USAGE',
      `a run is in ${folder} already; a history is never overwritten. Choose another --out`,
    );
  }
  return folder;
}

/** The same for a sweep: `out` itself, or `outlast-runs/sweep-<time>-<id>`, which is never taken for the latest run. */
export async function makeSweepFolder(out: string | undefined, id: string, at: Date): Promise<string> {
  const folder = path.resolve(out ?? path.join(runsFolder, `sweep-${stamp(at)}-${id}`));
  await makeWritable(folder);
  if ((await readdir(folder)).length > 0) {
    throw new OutlastError(
      'USAGE',
      `expected an empty folder for a sweep at ${folder}. Choose another --out`,
    );
  }
  return folder;
}

const isThere = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  );

async function makeWritable(folder: string, ...below: readonly string[]): Promise<void> {
  try {
    await makeFolder(path.join(folder, ...below));
    await access(folder, constants.W_OK);
    await expectRoom(folder);
  } catch (error) {
    throw new OutlastError(
      'WRITE_FAILED',
      `expected a run directory that can be written at ${folder}: ${messageOf(error)}. Choose another with --out`,
      { cause: error },
    );
  }
}

/**
 * The history files that `given` names: itself, the one in a run directory, or that of the latest run. A folder without a
 * `history.ndjson` holds one history in several files: all that end in `.ndjson` or `.ndjson.gz`.
 */
export async function findHistory(given: string | undefined): Promise<readonly string[]> {
  const place = path.resolve(given ?? (await latestRun()));
  const found = await stat(place).catch(() => null);
  // What is neither a file nor a folder is a pipe.
  if (found && !found.isDirectory()) return [place];
  const names = found ? await readdir(place) : [];
  const all = names.filter((name) => /\.ndjson(\.gz)?$/.test(name)).sort();
  const own = [files.history, `${files.history}.gz`].find((name) => all.includes(name));
  if (own !== undefined) return [path.join(place, own)];
  if (all.length > 0) return all.map((name) => path.join(place, name));
  throw new OutlastError(
    'HISTORY_NOT_FOUND',
    `expected a history, or a run directory with a ${files.history} in it, at ${place}; ` +
      (found ? 'there is none in that folder' : 'nothing is there'),
  );
}

async function latestRun(): Promise<string> {
  const names = await readdir(runsFolder).catch(() => []);
  const latest = names
    .filter((name) => /^\d{8}-\d{6}-/.test(name))
    .sort()
    .at(-1);
  if (latest !== undefined) return path.join(runsFolder, latest);
  throw new OutlastError(
    'HISTORY_NOT_FOUND',
    `expected a run below ${path.resolve(runsFolder)}; there is none. Name a history, or make one with \`outlast run\``,
  );
}

/** A full disk is better met before sessions are signed in. A megabyte is room for the header and an end. */
async function expectRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < 1024 * 1024) throw new Error('no space is left on its disk');
}

const stamp = (at: Date) => at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
