import { inWords } from '../../base/duration.js';
import { messageOf, OutlastError } from '../../base/errors.js';
import { type GroupCommand, startGroup } from '../../system/process-group.js';
import { type CommandRun, runCommand } from '../../system/run-command.js';
import { type Address, shown } from './address.js';
import { lookAt } from './door.js';
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
  readonly commands: Readonly<Partial<Record<CommandName, GroupCommand['command']>>>;
  readonly environment: Readonly<Record<string, string>>;
}

const names = ['stop', 'start', 'restart'] as const;
export type CommandName = (typeof names)[number];

/** The powers that commands give. */
export function powersOf(commands: Readonly<Partial<Record<CommandName, unknown>>>): ReadonlySet<Power> {
  const powers = new Set<Power>();
  if (commands.restart !== undefined) powers.add('restart');
  if (commands.stop !== undefined && commands.start !== undefined) powers.add('stop-start');
  return powers;
}

export function attachedReplica(attachment: Attachment, output: Output): AttachedReplica {
  const { commands, service, address, instance, readyWithinMs } = attachment;
  const does = names.flatMap((name) => {
    const command = commands[name];
    return command === undefined
      ? []
      : [[name, ({ signal }: Call) => carryOut(name, command, { attachment, output, signal })]];
  });
  const revival = commands.start ?? commands.restart;
  return {
    ...{ service, name: service, readyWithinMs, index: 0, powers: powersOf(commands), door: shown(address) },
    look: ({ signal }) => lookAt(address, instance, signal),
    lastLines: (count) => output.lastLines(count),
    ...Object.fromEntries(does),
    ...(revival === undefined ? {} : { revive: () => begin(revival, attachment) }),
  };
}

interface Circumstances extends Call {
  readonly attachment: Attachment;
  readonly output: Output;
}

async function carryOut(
  name: CommandName,
  command: GroupCommand['command'],
  circumstances: Circumstances,
): Promise<void> {
  const { attachment, output, signal } = circumstances;
  const run = await attempt(name, command, circumstances);
  output.push(run.output);
  const expected = `expected the ${name} command of ${attachment.service}`;
  const details = output.lastLines(20);
  if (run.exit === null) {
    const limit = inWords(attachment.commandTimeoutMs);
    throw new OutlastError('COMMAND_FAILED', `${expected} to end within ${limit}; it hung and was ended`, {
      details,
    });
  }
  signal.throwIfAborted();
  if (run.exit.exitCode === 0) return;
  const how =
    run.exit.signal === null
      ? `it exited with ${run.exit.exitCode ?? 'nothing'}`
      : `${run.exit.signal} ended it`;
  throw new OutlastError('COMMAND_FAILED', `${expected} to exit with 0; ${how}`, { details });
}

async function attempt(
  name: CommandName,
  command: GroupCommand['command'],
  { attachment, signal }: Circumstances,
): Promise<CommandRun> {
  const { environment, commandTimeoutMs, service } = attachment;
  try {
    const here = { command, environment, folder: process.cwd() };
    return await runCommand(here, { timeoutMs: commandTimeoutMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new OutlastError(
      'COMMAND_FAILED',
      `expected to run the ${name} command of ${service}: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** Nobody is left to be told how it went. */
function begin(command: GroupCommand['command'], { environment }: Attachment): void {
  startGroup({ command, environment, folder: process.cwd(), output: 'ignore' }).catch(() => undefined);
}
