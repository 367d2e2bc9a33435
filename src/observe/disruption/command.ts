import { inWords } from '../../base/duration.js';
import { messageOf, OutlastError } from '../../base/errors.js';
import { onlyOnce } from '../../base/only-once.js';
import { type CommandRun, type GroupCommand, runCommand } from '../../system/index.js';
import { type Command, environmentFor, isOwn, type Look, prepared, type Target } from '../target/index.js';
import { registerRevival, whenBack } from './back.js';
import { DoorWatch } from './door-watch.js';
import { instanceOf, type Part, playAll, serviceOf } from './part.js';
import type { Disruption, Scene } from './port.js';

/** Whatever a user's deploy is. */
export interface Deploy {
  /** A list is run as it is; a text is given to a shell. Placeholders of the target are filled in. */
  readonly command: Command;
  /** Those that it restarts. */
  readonly services: readonly string[];
  /** The working directory; ours unless told. */
  readonly cwd?: string;
  /** How long the command may take. */
  readonly timeoutMs: number;
  /** How long a service may take afterwards to show that it was restarted and is ready; its own time unless told. */
  readonly readyWithinMs?: number;
}

/** What a command needs of the run. */
export interface DeployMeans {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Removes secrets from what it printed. */
  clean(text: string): string;
}

/**
 * Runs a command that restarts services in whatever way, and watches their doors meanwhile: each is proved to have been restarted by
 * another instance or by a refused connection. Throws `DISRUPTION_FAILED` when the command fails or hangs.
 */
export function command(deploy: Deploy, means: DeployMeans): Disruption {
  const { services, readyWithinMs } = deploy;
  return {
    type: 'command',
    services,
    needs: [],
    lacks: { 'exit-code': 'what a deploy command ends is not ours, so its exit code is not seen' },
    strike: async (scene) => {
      const before = await looks(scene, services);
      // One command for all of them, begun when each has told that it begins.
      const run = onlyOnce(() => Promise.resolve().then(() => carryOut(deploy, means, scene)));
      await playAll(scene, services, async (part) => {
        const look = before.get(part.replica) ?? (await part.replica.look(scene));
        part.tell('begin', instanceOf(look));
        await scene.untilChatting();
        const door = new DoorWatch(part);
        const healed = revivable(part);
        part.tell('signal', { note: 'the deploy command' });
        await door.during(run());
        part.tell('started');
        await whenBack(part, look, door, readyWithinMs);
        healed();
      });
    },
  };
}

async function looks(scene: Scene, services: readonly string[]): Promise<ReadonlyMap<Part['replica'], Look>> {
  const replicas = services.flatMap((name) => serviceOf(scene, name).replicas);
  return new Map(
    await Promise.all(replicas.map(async (replica) => [replica, await replica.look(scene)] as const)),
  );
}

/** What is ours is stopped by its scope, whatever a command made of it. */
function revivable(part: Part): () => void {
  const { replica } = part;
  return isOwn(replica) ? () => undefined : registerRevival({ ...part, replica });
}

async function carryOut(deploy: Deploy, means: DeployMeans, { target, signal }: Scene): Promise<void> {
  const { exit, output } = await attempt(deploy, means, target, signal);
  signal.throwIfAborted();
  if (exit?.exitCode === 0) return;
  const lines = means.clean(output).trimEnd().split('\n').slice(-20);
  const how =
    exit === null
      ? `end within ${inWords(deploy.timeoutMs)}; it hung and was ended`
      : `exit with 0; ${exit.signal === null ? `it exited with ${exit.exitCode ?? 'nothing'}` : `${exit.signal} ended it`}`;
  throw new OutlastError('DISRUPTION_FAILED', `expected the deploy command to ${how}`, {
    details: output.trim() === '' ? ['(it printed nothing)'] : lines,
  });
}

async function attempt(
  { command, cwd, timeoutMs }: Deploy,
  { variables }: DeployMeans,
  target: Target,
  signal: AbortSignal,
): Promise<CommandRun> {
  try {
    const run: Omit<GroupCommand, 'output'> = {
      command: prepared(command, typeof command === 'string', (text) => target.resolve(text)),
      environment: environmentFor(variables, {}),
      folder: cwd ?? process.cwd(),
    };
    return await runCommand(run, { timeoutMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OutlastError) throw error;
    throw new OutlastError('DISRUPTION_FAILED', `expected to run the deploy command: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
