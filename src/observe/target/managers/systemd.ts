import { linesOf, type Manager, type Run } from './port.js';

export interface SystemdOptions {
  /** `chat`, or `chat.service`. */
  readonly unit: string;
  /** A unit of the user's own manager (`systemctl --user`). */
  readonly user?: boolean;
}

/** A unit. Its identity is the main process with the time, on the system's monotonic clock, at which it was started. */
export function systemd({ unit, user = false }: SystemdOptions): Manager {
  const mode = user ? ['--user'] : [];
  const does =
    (...words: readonly string[]) =>
    async (run: Run) => {
      await run(['systemctl', ...mode, ...words, unit]);
    };
  const properties = ['--property=MainPID', '--property=ExecMainStartTimestampMonotonic'];
  return {
    name: 'systemd',
    install: 'systemd; where it is not the init system of this machine, there are no units',
    // A password that nobody is there to type would be waited for.
    restart: does('--no-ask-password', 'restart'),
    stop: does('--no-ask-password', 'stop'),
    start: does('--no-ask-password', 'start'),
    kill: does('--no-ask-password', 'kill', '--signal=KILL'),
    identity: async (run) => {
      const shown = new Map(
        linesOf(await run(['systemctl', ...mode, 'show', ...properties, unit])).map(pair),
      );
      const pid = shown.get('MainPID') ?? '0';
      return pid === '0' ? null : `pid ${pid} since ${shown.get('ExecMainStartTimestampMonotonic') ?? '?'}`;
    },
  };
}

function pair(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
