import { linesOf, type Manager, type Run, together } from './port.js';

export interface DockerOptions {
  /** Its name or id. */
  readonly container: string;
  /** Another program that takes the same command lines, such as `podman`. */
  readonly program?: string;
}

/** A container. Its identity is its id with the time at which it was started last. */
export function docker({ container, program = 'docker' }: DockerOptions): Manager {
  const does = (verb: string) => async (run: Run) => {
    await run([program, verb, container]);
  };
  return {
    name: program,
    install: 'Docker Engine: https://docs.docker.com/engine/install',
    restart: does('restart'),
    stop: does('stop'),
    start: does('start'),
    // SIGKILL unless told otherwise; a restart policy may bring it back, and `docker start` is no harm then.
    kill: does('kill'),
    identity: async (run) => startsOf(run, program, [container]),
  };
}

/** The ids of containers, with the times of their starts; null: none of them runs. */
export async function startsOf(
  run: Run,
  program: string,
  containers: readonly string[],
): Promise<string | null> {
  const format = '{{.Id}} {{.State.StartedAt}} {{.State.Running}}';
  const output = await run([program, 'inspect', '--type', 'container', '--format', format, ...containers]);
  const running = linesOf(output).filter((line) => line.endsWith(' true'));
  return together(running.map((line) => line.slice(0, -' true'.length)));
}
