import { OutlastError } from '../../../base/errors.js';
import { linesOf, type Manager, type Run, together, told } from './port.js';

export interface SupervisorOptions {
  /** A program, or a group: `chat`, `chat:*`. */
  readonly program: string;
  /** The configuration that supervisord was started with, where it is not the system's. */
  readonly configuration?: string;
}

/** A program under supervisord. Its identity is its process id: supervisord starts it itself, with no wrapper between. */
export function supervisor({ program, configuration }: SupervisorOptions): Manager {
  const control = ['supervisorctl', ...told('--configuration', configuration)] as const;
  const does =
    (...words: readonly string[]) =>
    async (run: Run) => {
      refuseError(await run([...control, ...words, program]), program);
    };
  return {
    name: 'supervisor',
    install: 'the package supervisor (Debian), or supervisor of PyPI',
    restart: does('restart'),
    stop: does('stop'),
    start: does('start'),
    kill: does('signal', 'KILL'),
    identity: async (run) => {
      // Only of a single program may one ask for the process id: of a group, program by program.
      const programs = program.endsWith(':*')
        ? namesIn(await run([...control, 'status', program]))
        : [program];
      const lines = linesOf(await run([...control, 'pid', ...programs]));
      return together(lines.filter((line) => /^[1-9]\d*$/.test(line)).map((pid) => `pid ${pid}`));
    },
  };
}

/** `chat:chat_00   RUNNING   pid 4711, uptime 0:00:03`: what stands first. */
const namesIn = (status: string): readonly string[] =>
  linesOf(status).map((line) => line.replace(/\s.*$/, ''));

/** Older versions say so and exit with 0. */
function refuseError(output: string, program: string): void {
  const line = linesOf(output).find((one) => /\bERROR\b/.test(one));
  if (line === undefined) return;
  throw new OutlastError(
    'COMMAND_FAILED',
    `expected supervisorctl to have its way with ${program}; it says: ${line}`,
  );
}
