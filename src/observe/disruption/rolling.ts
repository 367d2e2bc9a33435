import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, OutlastError } from '../../base/errors.js';
import { within } from '../../system/process-group.js';
import { type AnyReplica, isOwn, lastWords, type OwnReplica, whenReady } from '../target/index.js';
import { end, proveClosed, restartOwn } from './own.js';
import { instanceOf, type Part, partOf, serviceOf, told } from './part.js';
import type { Disruption, Scene } from './port.js';

export interface RollingOptions {
  /** So many of the replicas in reserve are started and ready before the first is stopped; they are stopped at the end. */
  readonly surge?: number;
  /** Between one replica that is ready and the next that is stopped, in ms: what a balancer needs to see it. */
  readonly pauseMs?: number;
  /** From SIGTERM to SIGKILL, in ms; the service's own unless told. */
  readonly graceMs?: number;
}

/** The system ends a killed process at once, unless it hangs in the kernel. */
const killWithinMs = 10_000;

/**
 * Restarts the replicas of a service one after the other, each ready before the next is touched; of several services, one service
 * after the other. A replica that does not get ready ends it: those that follow are left as they are, that one is started once
 * more, and `RESTART_FAILED` says where it stopped.
 */
export function rolling(services: readonly string[], options: RollingOptions = {}): Disruption {
  return {
    type: 'rolling restart',
    services,
    needs: ['signal'],
    lacks: {},
    objection: (service) => rollingObjection(service, options.surge ?? 0),
    strike: async (scene) => {
      try {
        for (const name of services) await roll(scene, name, options);
      } finally {
        // Whatever came of it, an interruption is what is told.
        scene.signal.throwIfAborted();
      }
    },
  };
}

/** Why a service cannot be restarted replica by replica; null: it can. */
export function rollingObjection(
  { name, replicas, spares }: { readonly name: string; readonly replicas: number; readonly spares: number },
  surge: number,
): string | null {
  if (replicas < 2) {
    return `a rolling restart needs at least 2 replicas of ${name}, and there is ${replicas}: say \`replicas: 2\` in its launch({ … })`;
  }
  if (spares >= surge) return null;
  return `the surge needs ${surge} of ${name} in reserve, and there ${spares === 1 ? 'is' : 'are'} ${spares}: say \`spare: ${surge}\` in its launch({ … })`;
}

async function roll(scene: Scene, name: string, { surge = 0, ...options }: RollingOptions): Promise<void> {
  const { replicas, spares } = serviceOf(scene, name);
  const reserve = spares.slice(0, surge);
  const pause = async () => {
    await sleep(options.pauseMs ?? 0, undefined, { signal: scene.signal });
  };
  await Promise.all(reserve.map((spare) => callUp(partOf(scene, spare), name)));
  for (const [index, replica] of replicas.entries()) {
    if (index > 0 || reserve.length > 0) await pause();
    await next(partOf(scene, replica), replicas, options);
  }
  if (reserve.length > 0) await pause();
  await Promise.all(reserve.map((spare) => sendBack(partOf(scene, spare), options)));
}

/** Starts one in reserve. It is no restart: nothing was there before. */
async function callUp(part: Part<OwnReplica>, service: string): Promise<void> {
  const { replica, scene, tell } = part;
  const { signal } = scene;
  try {
    await replica.start({ signal });
    tell('started', { note: 'from the reserve' });
    tell('ready', instanceOf(await whenReady(replica, signal)));
  } catch (error) {
    signal.throwIfAborted();
    tell('failed', { note: messageOf(error) });
    throw stopped(error, part, `the rollout of ${service} did not begin, and no replica was touched`);
  }
}

async function sendBack(part: Part<OwnReplica>, { graceMs }: RollingOptions): Promise<void> {
  await told(part, async () => {
    part.tell('exited', await end(part, { kind: 'ask', ...(graceMs === undefined ? {} : { graceMs }) }));
    await proveClosed(part);
    part.tell('port-closed', { note: 'back in the reserve' });
  });
}

/** Restarts one, and says where the rollout stopped when it does not come back. */
async function next(
  part: Part,
  all: readonly AnyReplica[],
  { graceMs }: Omit<RollingOptions, 'surge'>,
): Promise<void> {
  const { replica } = part;
  if (!isOwn(replica)) throw notOurs(part);
  const own = { ...part, replica };
  try {
    await told(own, (itself) =>
      restartOwn(itself, { kind: 'ask', ...(graceMs === undefined ? {} : { graceMs }) }),
    );
  } catch (error) {
    part.scene.signal.throwIfAborted();
    const number = all.indexOf(replica) + 1;
    const after = all.slice(number).map(({ name }) => name);
    const left =
      after.length === 0 ? [] : [`${after.join(', ')} ${after.length === 1 ? 'was' : 'were'} left as before`];
    const again = (await startAgain(own))
      ? 'it was started once more, and is ready'
      : 'it was started once more, in vain';
    const where = `the rollout of ${replica.service} stopped at replica ${number} of ${all.length}`;
    throw stopped(error, part, [where, ...left, again].join('; '));
  }
}

/** The rest of the service goes on; this one gets a second chance, from whatever state it is in. */
async function startAgain({ replica, scene, tell }: Part<OwnReplica>): Promise<boolean> {
  const { signal } = scene;
  try {
    replica.signal('SIGKILL');
    await within(replica.exited({ signal }), killWithinMs);
    await replica.start({ signal });
    await whenReady(replica, signal);
    tell('healed');
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

function stopped(error: unknown, { replica, scene }: Part, where: string): unknown {
  scene.signal.throwIfAborted();
  const details = error instanceof OutlastError ? error.details : lastWords(replica);
  return new OutlastError('RESTART_FAILED', `${where}: ${messageOf(error)}`, { details, cause: error });
}

const notOurs = ({ replica }: Part) =>
  new OutlastError(
    'POWER_MISSING',
    `expected ${replica.name} to be launched by us for a rolling restart; it is attached. What its manager does replica by replica is a restart here`,
  );
