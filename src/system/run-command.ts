import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import {
  type Exit,
  type GroupCommand,
  type ProcessGroup,
  startGroup,
  stopGroup,
  within,
} from './process-group.js';
import { removeScratchNow, scratchFolder } from './scratch.js';

export interface CommandRun {
  /** Null: it hung, and was ended after `timeoutMs`. */
  readonly exit: Exit | null;
  /** The end of what it printed, at most 64 KiB. */
  readonly output: string;
}

const keptBytes = 64 * 1024;

/**
 * Runs a command to the end of its leader. What it leaves running in the background goes on: a script that starts a daemon is
 * such a command. Rejects when the signal aborts, after ending the command, and when it cannot be started. No guardian holds
 * it: a restart that was begun is better finished, whatever becomes of us.
 */
export async function runCommand(
  command: Omit<GroupCommand, 'output'>,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<CommandRun> {
  limits.signal.throwIfAborted();
  const file = openUnnamed();
  try {
    const group = await startGroup({ ...command, output: file });
    const exit = await within(endedOrAborted(group, limits.signal), limits.timeoutMs);
    if (exit === null) await stopGroup(group, 1_000);
    limits.signal.throwIfAborted();
    return { exit, output: endOf(file) };
  } finally {
    closeSync(file);
  }
}

/**
 * A daemon that inherits our pipe would die of writing to it once we are gone; a file without a name outlives us, and leaves
 * nothing behind.
 */
function openUnnamed(): number {
  const folder = scratchFolder();
  try {
    return openSync(path.join(folder, 'output'), 'wx+');
  } finally {
    removeScratchNow(folder);
  }
}

/** Null when the signal aborts first. */
async function endedOrAborted(group: ProcessGroup, signal: AbortSignal): Promise<Exit | null> {
  const listening = new AbortController();
  const aborted = new Promise<null>((resolve) => {
    const stop = () => {
      resolve(null);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true, signal: listening.signal });
  });
  try {
    return await Promise.race([group.ended, aborted]);
  } finally {
    listening.abort();
  }
}

function endOf(file: number): string {
  const { size } = fstatSync(file);
  const from = Math.max(0, size - keptBytes);
  const bytes = Buffer.alloc(size - from);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, from));
}
