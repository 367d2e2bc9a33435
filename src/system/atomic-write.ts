import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OutlastError } from '../base/errors.js';
import { freshId } from '../base/random.js';

/** Writes a file so that a reader sees all of it or what was there before. Throws `WRITE_FAILED` with the path and the reason. */
export async function atomicWrite(file: string, text: string): Promise<void> {
  const aside = path.join(path.dirname(file), `.${path.basename(file)}.${freshId()}`);
  try {
    await writeThrough(aside, text);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw new OutlastError('WRITE_FAILED', `expected to write ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The bytes reach the disk before the name does: a rename alone may survive a power loss that they do not. */
async function writeThrough(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
