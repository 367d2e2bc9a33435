import { startsOf } from './docker.js';
import { linesOf, type Manager, type Run, told } from './port.js';

export interface DockerComposeOptions {
  readonly service: string;
  /** The project's name, where it is not that of the folder. */
  readonly project?: string;
  /** The compose file, where it is not that of our working folder. */
  readonly file?: string;
  /** Another program that takes the same command lines, such as `podman`. */
  readonly program?: string;
}

/** A service of a compose project, all of its containers. Their identity is theirs. */
export function dockerCompose(options: DockerComposeOptions): Manager {
  const { service, project, file, program = 'docker' } = options;
  const compose = [...told('--project-name', project), ...told('--file', file)];
  const does = (verb: string) => async (run: Run) => {
    await run([program, 'compose', ...compose, verb, service]);
  };
  return {
    name: `${program} compose`,
    install: 'Docker with its compose plugin: https://docs.docker.com/compose/install',
    restart: does('restart'),
    stop: does('stop'),
    start: does('start'),
    kill: does('kill'),
    identity: async (run) => {
      const ids = linesOf(await run([program, 'compose', ...compose, 'ps', '--quiet', service]));
      return ids.length === 0 ? null : startsOf(run, program, ids);
    },
  };
}
