import { OutlastError } from '../../base/errors.js';
import { type AttachedReplica, lastWords, type Look, whenReady } from '../target/index.js';
import { DoorWatch } from './door-watch.js';
import { instanceOf, type Part } from './part.js';

/** After a command that stops has ended, this long for the door to close, in ms. */
const closeWithinMs = 5_000;
/** Where no instance is told: this long for a door to close after the command that restarts has ended. */
const showWithinMs = 2_000;

/**
 * Restarts a replica that somebody else runs, with the commands that there are. What proves it is another instance, or a door that
 * refused in between; where neither was seen, the step `ready` says so.
 */
export async function restartAttached(part: Part<AttachedReplica>): Promise<void> {
  const { replica, scene, tell } = part;
  const before = await replica.look({ signal: scene.signal });
  tell('begin', instanceOf(before));
  const door = new DoorWatch(part);
  const healed = registerRevival(part);
  if (replica.restart) await byOneCommand(part, replica.restart, door);
  else if (replica.stop && replica.start) await byTwoCommands(part, replica.stop, replica.start, door);
  else
    throw new OutlastError(
      'RESTART_FAILED',
      'there is neither a command to restart it nor one each to stop and start it',
    );
  tell('started');
  const after = await whenBack(part, before, door);
  healed();
  const proved = door.refused || (before.instance !== undefined && after.instance !== before.instance);
  tell('ready', { ...instanceOf(after), ...(proved ? {} : { note: unproved }) });
}

const unproved = 'not proved: no connection was refused, and no other instance is told';

type Carry = (call: { readonly signal: AbortSignal }) => Promise<void>;

async function byOneCommand(
  { scene, tell }: Part<AttachedReplica>,
  restart: Carry,
  door: DoorWatch,
): Promise<void> {
  tell('signal', { note: 'the restart command' });
  await door.during(restart({ signal: scene.signal }));
}

async function byTwoCommands(
  { scene, tell }: Part<AttachedReplica>,
  stop: Carry,
  start: Carry,
  door: DoorWatch,
): Promise<void> {
  const { signal } = scene;
  tell('signal', { note: 'the stop command' });
  await door.during(stop({ signal }));
  // A balancer before it may never refuse; then only another instance proves it.
  await door.until((_look, elapsedMs) => door.refused || elapsedMs > closeWithinMs);
  await start({ signal });
}

/** A command may end before the restart has begun: the old instance, still ready, is not the one that is waited for. */
async function whenBack({ replica }: Part<AttachedReplica>, before: Look, door: DoorWatch): Promise<Look> {
  const toldBefore = before.instance !== undefined;
  const patience = toldBefore ? replica.readyWithinMs : Math.min(showWithinMs, replica.readyWithinMs);
  const last = await door.until((look, elapsedMs) => {
    const another = toldBefore && look.instance !== before.instance;
    if (look.ready) return door.refused || another || elapsedMs > patience;
    return elapsedMs > replica.readyWithinMs;
  });
  if (last.ready) return last;
  throw new OutlastError(
    'RESTART_FAILED',
    `expected it to be ready at ${replica.door} again; the last look: ${last.reason ?? 'not ready'}`,
    { details: lastWords(replica) },
  );
}

/** Before anything is broken. Returns how to take it out again. */
function registerRevival(part: Part<AttachedReplica>): () => void {
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
