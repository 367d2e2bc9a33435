import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';

export interface GroupCommand {
  /** The program and its arguments; with `shell`, one line for `sh -c`. */
  readonly command: readonly [string, ...string[]] | { readonly shell: string };
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Told of standard output and standard error as they come, in whole characters; a number is an open file for them. */
  readonly output: ((text: string) => void) | number | 'ignore';
}

export interface Exit {
  /** Null where a signal ended it or where it cannot be seen. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/**
 * Starts a command as the leader of its own process group and session, so that a terminal's signals do not reach it and one
 * signal reaches all of it. Resolves in the same turn of the event loop when it runs; rejects with the system's error.
 */
export async function startGroup(command: GroupCommand): Promise<ProcessGroup> {
  const [program, ...parameters] =
    'shell' in command.command ? (['/bin/sh', '-c', command.command.shell] as const) : command.command;
  const output = typeof command.output === 'function' ? 'pipe' : command.output;
  const child = spawn(program, parameters, {
    cwd: command.folder,
    env: { ...command.environment },
    detached: true,
    stdio: ['ignore', output, output],
  });
  if (child.pid === undefined) {
    const [error]: unknown[] = await once(child, 'error');
    throw error;
  }
  if (typeof command.output === 'function') listen(child, command.output);
  return new ProcessGroup(child, child.pid);
}

/** A running command and every process that it started, as far as they did not leave its group. */
export class ProcessGroup {
  /** Of the leader and of the group. */
  readonly id: number;
  /** Resolves when the leader has ended; others of its group may go on. */
  readonly ended: Promise<Exit>;
  readonly #closed: Promise<unknown>;
  #exited: Promise<Exit> | null = null;
  #gone = false;

  constructor(child: ChildProcess, id: number) {
    this.id = id;
    this.#closed = once(child, 'close');
    this.ended = new Promise((resolve) => {
      child.once('exit', (exitCode, signal) => {
        resolve({ exitCode, signal });
      });
    });
  }

  /** To every process of the group. Nothing happens when it is gone: its id may be someone else's by now. */
  signal(name: NodeJS.Signals): void {
    if (!this.#gone) send(this.id, name);
  }

  alive(): boolean {
    return !this.#gone && send(this.id, 0);
  }

  /** Is every process of the group stopped (SIGSTOP)? Null where the system does not tell, which only Linux does. */
  async stopped(): Promise<boolean | null> {
    if (process.platform !== 'linux') return null;
    const states = [...(await statesOf(this.id, 'all')).values()];
    return states.length > 0 && states.every((state) => state === 'T' || state === 't');
  }

  /** Resolves with the leader's end when every process of the group is gone and its last output was told. */
  exited(): Promise<Exit> {
    this.#exited ??= this.#whenGone();
    return this.#exited;
  }

  async #whenGone(): Promise<Exit> {
    const exit = await this.ended;
    let suspects: readonly string[] | 'all' = 'all';
    while (this.alive()) {
      const living: readonly string[] = await livingOf(this.id, suspects);
      if (living.length === 0 && suspects === 'all') break;
      suspects = living.length === 0 ? 'all' : living;
      await sleep(5);
    }
    this.#gone = true;
    // A process that left the group may hold the pipe for ever.
    await Promise.race([this.#closed, sleep(50)]);
    return exit;
  }
}

/**
 * Ends a group: SIGTERM, and SIGKILL when it is still there after `graceMs`. A stopped process is woken, or it would never see
 * the signal.
 */
export async function stopGroup(group: ProcessGroup, graceMs: number): Promise<Exit & { killed: boolean }> {
  group.signal('SIGTERM');
  group.signal('SIGCONT');
  const exit = await within(group.exited(), graceMs);
  if (exit) return { ...exit, killed: false };
  group.signal('SIGKILL');
  return { ...(await group.exited()), killed: true };
}

/** What the promise resolves with, or null when it has not after so many ms. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const timer = new AbortController();
  try {
    const late = sleep(ms, null, { signal: timer.signal }).catch(() => null);
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}

/** Whether there was a process to send it to. */
function send(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    // EPERM: it is there, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * The processes of a group that are not zombies. In a container whose first process reaps nobody the dead stay in their group for
 * ever, though they hold no port and no file. Where there is no /proc, the group counts as one that lives.
 */
async function livingOf(group: number, among: readonly string[] | 'all'): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [String(group)];
  return [...(await statesOf(group, among)).keys()];
}

/** The states of those processes of a group that are not zombies, by their ids. */
async function statesOf(
  group: number,
  among: readonly string[] | 'all',
): Promise<ReadonlyMap<string, string>> {
  const ids = among === 'all' ? (await readdir('/proc')).filter((name) => /^\d+$/.test(name)) : among;
  const states = await Promise.all(ids.map(async (id) => [id, await stateIn(group, id)] as const));
  return new Map(states.flatMap(([id, state]) => (state === null ? [] : [[id, state]])));
}

async function stateIn(group: number, id: string): Promise<string | null> {
  const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may hold anything; what follows it is the state, the parent and the group.
  const [state = '', , itsGroup] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return itsGroup === String(group) && state !== 'Z' && state !== 'X' ? state : null;
}

function listen(child: ChildProcess, output: (text: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8');
    stream?.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk);
      if (text !== '') output(text);
    });
    stream?.on('end', () => {
      const text = decoder.end();
      if (text !== '') output(text);
    });
    // A broken pipe of a dying child tells nothing that its exit does not.
    stream?.on('error', () => undefined);
  }
}
