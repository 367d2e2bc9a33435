import type { GroupCommand } from '../../system/process-group.js';
import { startGroup } from '../../system/process-group.js';
import { type Address, shown } from './address.js';
import { carryOut } from './carry-out.js';
import { lookAt } from './door.js';
import { type Manager, managerOf, type Run } from './managers/index.js';
import type { AttachDescription } from './description.js';
import type { Output } from './output.js';
import type { AttachedReplica, Power } from './port.js';

interface Call {
  readonly signal: AbortSignal;
}

/** What is known of a service that somebody else runs, its placeholders filled in. */
export interface Attachment {
  readonly service: string;
  readonly address: Address;
  readonly instance: string | undefined;
  readonly readyWithinMs: number;
  readonly commandTimeoutMs: number;
  /** The service of ours that starts it; null: it is there before us. */
  readonly startedBy: string | null;
  readonly manager: Manager;
  readonly powers: ReadonlySet<Power>;
  readonly environment: Readonly<Record<string, string>>;
}

const actions = ['stop', 'start', 'restart', 'kill'] as const;

/** The powers that a manager, or commands, give. */
export function powersOf({ manager, commands = {} }: AttachDescription): ReadonlySet<Power> {
  const can: Partial<Record<(typeof actions)[number], unknown>> = manager ? managerOf(manager) : commands;
  const powers = new Set<Power>();
  if (can.restart !== undefined) powers.add('restart');
  if (can.stop !== undefined && can.start !== undefined) powers.add('stop-start');
  if (can.kill !== undefined) powers.add('kill');
  return powers;
}

export function attachedReplica(attachment: Attachment, output: Output): AttachedReplica {
  const { manager, service, powers, address, instance, readyWithinMs } = attachment;
  const runner =
    ({ signal }: Call): Run =>
    (line, label) =>
      carryOut(line, label, { ...attachment, output, signal });
  const does = actions.flatMap((name) => {
    const action = manager[name]?.bind(manager);
    return action === undefined ? [] : [[name, (call: Call) => action(runner(call))]];
  });
  const revival = manager.start?.bind(manager) ?? manager.restart?.bind(manager);
  return {
    ...{ service, name: service, readyWithinMs, index: 0, powers, door: shown(address) },
    look: ({ signal }) => lookAt(address, instance, signal),
    lastLines: (count) => output.lastLines(count),
    ...Object.fromEntries(does),
    ...(manager.identity && { identity: (call: Call) => manager.identity?.(runner(call)) ?? null }),
    ...(revival && { revive: () => begin(revival, attachment) }),
  };
}

/** Its first command is begun at once, in this turn of the event loop, and nobody is left to be told how it went. */
function begin(action: (run: Run) => Promise<void>, { environment }: Attachment): void {
  const run: Run = async (line) => {
    const command: GroupCommand['command'] = line;
    const group = await startGroup({ command, environment, folder: process.cwd(), output: 'ignore' });
    await group.ended;
    return '';
  };
  action(run).catch(() => undefined);
}
