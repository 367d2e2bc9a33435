import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Makes an empty folder of our own below the system's temporary one; whoever makes it removes it with `removeScratch`. Its mode
 * is 0755: a service that gives up its privileges must still reach what is below it. Synchronous, so that nothing comes between
 * making and registering it.
 */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'outlast-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Removes it with all that is in it, and tries again for a few seconds while a dying process still writes. */
export async function removeScratch(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** At once, without a second attempt: the guardian does the rest. */
export function removeScratchNow(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
