import path from 'node:path';
import { inWords } from '../../base/duration.js';
import { messageOf, OutlastError } from '../../base/errors.js';
import { type CommandRun, runCommand } from '../../system/run-command.js';
import type { CommandLine, Manager } from './managers/index.js';
import type { Output } from './output.js';

interface Circumstances {
  readonly service: string;
  readonly manager: Manager;
  readonly commandTimeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/**
 * Runs a command to its end, and resolves with what it printed. `label` names it in errors. Throws `COMMAND_FAILED` where it is not
 * there, fails, or hangs and was ended.
 */
export async function carryOut(
  line: CommandLine,
  label: string | undefined,
  circumstances: Circumstances,
): Promise<string> {
  const { output, signal, commandTimeoutMs } = circumstances;
  const what = label ?? `${shownOf(line)}, for ${circumstances.service},`;
  const { exit, output: printed } = await attempt(line, what, circumstances);
  output.push(printed);
  const failed = (how: string) => {
    const details = output.lastLines(20);
    return new OutlastError('COMMAND_FAILED', `expected ${what} ${how}${hint(printed)}`, { details });
  };
  if (exit === null) throw failed(`to end within ${inWords(commandTimeoutMs)}; it hung and was ended`);
  signal.throwIfAborted();
  if (exit.exitCode === 0) return printed;
  const how =
    exit.signal === null ? `it exited with ${exit.exitCode ?? 'nothing'}` : `${exit.signal} ended it`;
  throw failed(`to exit with 0; ${how}`);
}

async function attempt(
  line: CommandLine,
  what: string,
  { signal, environment, commandTimeoutMs, manager }: Circumstances,
): Promise<CommandRun> {
  try {
    const command = { command: line, environment, folder: process.cwd() };
    return await runCommand(command, { timeoutMs: commandTimeoutMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const next =
      isMissing && manager.install !== null ? `. It is not installed here: ${manager.install}` : '';
    throw new OutlastError(
      'COMMAND_FAILED',
      `expected to run ${what.replace(/,$/, '')}: ${messageOf(error)}${next}`,
      {
        cause: error,
      },
    );
  }
}

/** The program and its first word: what follows may hold secrets. */
function shownOf(line: CommandLine): string {
  if ('shell' in line) return 'the command';
  const [program, ...words] = line;
  const verb = words.find((word) => /^[a-z]+$/.test(word));
  return `\`${[path.basename(program), ...(verb === undefined ? [] : [verb])].join(' ')}\``;
}

const hint = (printed: string): string =>
  /permission denied|access denied|authentication (?:is )?required|not permitted|forbidden/i.test(printed)
    ? '. It was not permitted: run as a user who may, or give the command by hand with sudo'
    : '';
