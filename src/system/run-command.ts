import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { abortable } from './abortable.js';
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
    const exit = await endOfLeader(group, limits);
    return { exit, output: endOf(file) };
  } finally {
    closeSync(file);
  }
}

/** Null: it hung. Whatever happens, it has ended. */
async function endOfLeader(
  group: ProcessGroup,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Exit | null> {
  let exit: Exit | null = null;
  try {
    exit = await abortable(within(group.ended, timeoutMs), signal);
    return exit;
  } finally {
    if (exit === null) await stopGroup(group, 1_000);
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

function endOf(file: number): string {
  const { size } = fstatSync(file);
  const from = Math.max(0, size - keptBytes);
  const bytes = Buffer.alloc(size - from);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, from));
}
