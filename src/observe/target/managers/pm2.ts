import { OutlastError } from '../../../base/errors.js';
import { type Manager, type Run, together } from './port.js';

export interface Pm2Options {
  /** The name of the process: all of its instances. */
  readonly process: string;
  /**
   * `reload`: a new instance is there before the old one is stopped, which needs the cluster mode. `restart` (unless told): the old
   * one is stopped first. Either goes instance by instance where there are two, and two at a time where there are more.
   */
  readonly how?: 'restart' | 'reload';
  /** PM2_HOME, where it is not the user's. */
  readonly home?: string;
  /** Where the program is, if not on the PATH: `./node_modules/.bin/pm2`. */
  readonly program?: string;
}

/** A process under pm2. Its identity is the process ids of its instances, which pm2 starts itself. */
export function pm2({ process: name, how = 'restart', home, program = 'pm2' }: Pm2Options): Manager {
  const does =
    (...words: readonly string[]) =>
    async (run: Run) => {
      await run([program, ...words, name]);
    };
  return {
    name: 'pm2',
    install: 'the package pm2 of npm',
    ...(home === undefined ? {} : { environment: { PM2_HOME: home } }),
    restart: does(how),
    stop: does('stop'),
    start: does('start'),
    kill: does('sendSignal', 'SIGKILL'),
    identity: async (run) => pidsIn(await run([program, 'jlist']), name),
  };
}

/** pm2 may say other things before its JSON. */
function pidsIn(output: string, name: string): string | null {
  const text = output.slice(Math.max(0, output.search(/^\[(?:\{|\])/m)));
  return together(listOf(text).flatMap((one) => pidOf(one, name) ?? []));
}

function listOf(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {
    // Told below.
  }
  throw new OutlastError(
    'COMMAND_FAILED',
    'expected a list of processes as JSON of `pm2 jlist`; it printed none',
  );
}

function pidOf(one: unknown, name: string): string | null {
  if (typeof one !== 'object' || one === null || !('name' in one) || one.name !== name) return null;
  return 'pid' in one && typeof one.pid === 'number' && one.pid > 0 ? `pid ${one.pid}` : null;
}
