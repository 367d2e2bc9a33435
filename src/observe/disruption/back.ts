import { OutlastError } from '../../base/errors.js';
import {
  type AnyReplica,
  type AttachedReplica,
  isOwn,
  lastWords,
  type Look,
  whenReady,
} from '../target/index.js';
import type { DoorWatch } from './door-watch.js';
import { instanceOf, type Part } from './part.js';
import type { About } from './port.js';

/** Where no instance is told: this long for a door to close after the command that restarts has ended. */
const showWithinMs = 2_000;

const unproved = 'not proved: no connection was refused, and no other instance is told';

/**
 * Resolves when what somebody else restarts is ready again, and tells it; where neither another instance nor a refusal was seen, the
 * step says so. A command may end before the restart has begun: the old instance, still ready, is not the one that is waited for.
 */
export async function whenBack(
  { replica, scene, tell }: Part,
  before: Look,
  door: DoorWatch,
  readyWithinMs = replica.readyWithinMs,
): Promise<void> {
  const toldBefore = before.instance !== undefined;
  const patience = toldBefore ? readyWithinMs : Math.min(showWithinMs, readyWithinMs);
  const isAnother = (look: Look) =>
    toldBefore && look.instance !== undefined && look.instance !== before.instance;
  const last = await door.until((look, elapsedMs) => {
    if (look.ready) return door.refused || isAnother(look) || elapsedMs > patience;
    return elapsedMs > readyWithinMs;
  });
  const proved = door.refused || isAnother(last);
  if (last.ready) {
    const runs = await besideTheDoor(replica, scene.signal, 'perhaps');
    return tell('ready', { ...instanceOf(last), ...runs, ...(proved ? {} : { note: unproved }) });
  }
  throw new OutlastError(
    'RESTART_FAILED',
    `expected it to be ready at ${replica.door} again; the last look: ${last.reason ?? 'not ready'}`,
    { details: lastWords(replica) },
  );
}

/** What the manager of a replica says that runs, as a step tells it. `perhaps`: what is back is back, also where it fails to say so. */
export async function besideTheDoor(
  replica: AnyReplica,
  signal: AbortSignal,
  needed?: 'perhaps',
): Promise<About> {
  try {
    const identity = isOwn(replica) ? null : ((await replica.identity?.({ signal })) ?? null);
    return identity === null ? {} : { identity };
  } catch (error) {
    if (needed !== 'perhaps' || signal.aborted) throw error;
    return {};
  }
}

/** Before anything is broken. Returns how to take it out again. */
export function registerRevival(part: Part<AttachedReplica>): () => void {
  const { replica, scene } = part;
  return scene.scope.undo(
    `bring ${replica.name} back`,
    () => revive(part),
    () => replica.revive?.(),
  );
}

/** The run may have been interrupted: what signals it does not reach what heals. */
async function revive({ replica, tell }: Part<AttachedReplica>): Promise<void> {
  const { signal } = new AbortController();
  const isReady = async () => (await replica.look({ signal })).ready;
  // A stop that was begun may still take it down after a look that showed it ready: to start it twice does no harm.
  const needed = replica.start !== undefined || !(await isReady());
  try {
    if (needed) await (replica.start ?? replica.restart)?.({ signal });
  } catch (error) {
    if (!(await isReady())) throw error;
  }
  await whenReady(replica, signal);
  tell('healed');
}
