import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';

/** Only /proc tells of other processes' environment and sockets. */
export const canSeeProcesses = existsSync('/proc/self/stat');

/** A process as it was seen once. An id may be given to another process later: `begun` tells them apart. */
export interface Process {
  readonly id: number;
  readonly parent: number;
  readonly begun: string;
  readonly command: string;
}

/** What a run had started when it was looked at. */
export interface Traces {
  readonly processes: readonly Process[];
  /** At which they listened. */
  readonly ports: readonly number[];
}

/** A process and all that descend from it, with the ports at which they listen. */
export function tracesOf(root: number): Traces {
  const everybody = living();
  const family = new Set([root]);
  for (let known = 0; known < family.size;) {
    known = family.size;
    for (const { id, parent } of everybody) if (family.has(parent)) family.add(id);
  }
  const processes = everybody.filter(({ id }) => family.has(id));
  return { processes, ports: portsOf(processes) };
}

/** What is still there of it, in words. */
export async function remaining({ processes, ports }: Traces): Promise<string[]> {
  const now = new Map(living().map((process) => [process.id, process]));
  const still = processes.filter(({ id, begun }) => now.get(id)?.begun === begun);
  const answering = await Promise.all(ports.map(async (port) => ((await answers(port)) ? [port] : [])));
  return [...still.map(inWords), ...answering.flat().map((port) => `port ${port}`)];
}

/** The processes that have the text in their environment, their arguments or their working folder, in words. */
export function processesMarked(...marks: readonly string[]): string[] {
  return living()
    .filter(({ id, command }) => {
      const about = [command, file(id, 'environ'), workingFolder(id)].join('\n');
      return marks.some((mark) => about.includes(mark));
    })
    .map(inWords);
}

const inWords = ({ id, command }: Process) => `process ${id}: ${command.slice(0, 120)}`;

/** Zombies do not count: in a container nobody may reap them. */
function living(): Process[] {
  if (!canSeeProcesses) return [];
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.flatMap((name) => {
    const id = Number(name);
    const stat = file(id, 'stat');
    // The name in parentheses may hold anything; what follows are the state, the parent and, as the 20th, the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = 'X', parent] = fields;
    if (state === 'Z' || state === 'X' || state === '') return [];
    const command = file(id, 'cmdline').replaceAll('\0', ' ');
    return [{ id, parent: Number(parent), begun: fields[19] ?? '', command }];
  });
}

function file(id: number, name: string): string {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

function workingFolder(id: number): string {
  try {
    return readlinkSync(`/proc/${id}/cwd`);
  } catch {
    return '';
  }
}

function portsOf(processes: readonly Process[]): number[] {
  const sockets = new Set(processes.flatMap(({ id }) => socketsOf(id)));
  const tables = ['tcp', 'tcp6'].flatMap((name) => file(process.pid, `net/${name}`).split('\n').slice(1));
  const listening = '0A';
  return tables.flatMap((line) => {
    const [, near = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    return state === listening && sockets.has(inode) ? [Number.parseInt(near.split(':')[1] ?? '', 16)] : [];
  });
}

function socketsOf(id: number): string[] {
  try {
    return readdirSync(`/proc/${id}/fd`).flatMap((name) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${id}/fd/${name}`))?.[1];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const tell = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => tell(true)).once('error', () => tell(false));
  });
}
