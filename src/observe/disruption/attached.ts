import { OutlastError } from '../../base/errors.js';
import type { AttachedReplica, Look } from '../target/index.js';
import { besideTheDoor, registerRevival, whenBack } from './back.js';
import { DoorWatch } from './door-watch.js';
import { hold } from './hold.js';
import { instanceOf, type Part } from './part.js';

/** After a command that stops has ended, this long for the door to close, in ms. */
const closeWithinMs = 5_000;
/** A manager that starts again what was killed has begun to do so by then. */
const byItselfWithinMs = 3_000;

/**
 * Restarts a replica that somebody else runs, with the commands that there are. What proves it is another instance, or a door that
 * refused in between; where neither was seen, the step `ready` says so. `downMs`: for how long it is kept down between the
 * commands.
 */
export async function restartAttached(
  part: Part<AttachedReplica>,
  { downMs }: { readonly downMs?: number } = {},
): Promise<void> {
  const { replica, scene, tell } = part;
  const before = await replica.look({ signal: scene.signal });
  tell('begin', { ...instanceOf(before), ...(await besideTheDoor(replica, scene.signal)) });
  await scene.untilChatting();
  const door = new DoorWatch(part);
  const healed = registerRevival(part);
  if (replica.restart && downMs === undefined) await byOneCommand(part, replica.restart, door);
  else if (replica.stop && replica.start)
    await byTwoCommands(part, { stop: replica.stop, start: replica.start, downMs }, door);
  else
    throw new OutlastError(
      'RESTART_FAILED',
      'there is neither a command to restart it nor one each to stop and start it',
    );
  tell('started');
  await whenBack(part, before, door);
  healed();
}

/** Kills a replica that somebody else runs. It is started where it does not come back by itself. */
export async function crashAttached(part: Part<AttachedReplica>, kill: Carry): Promise<void> {
  const { replica, scene, tell } = part;
  const { signal } = scene;
  const before = await replica.look({ signal });
  tell('begin', { ...instanceOf(before), ...(await besideTheDoor(replica, signal)) });
  await scene.untilChatting();
  const door = new DoorWatch(part);
  const healed = registerRevival(part);
  tell('signal', { signal: 'SIGKILL', note: 'the kill command' });
  await door.during(kill({ signal }));
  const isAnother = ({ instance }: Look) =>
    before.instance !== undefined && instance !== undefined && instance !== before.instance;
  const isBack = (look: Look) => look.ready && (door.refused || isAnother(look));
  const look = await door.until((seen, elapsedMs) => isBack(seen) || elapsedMs > byItselfWithinMs);
  if (!isBack(look)) await replica.start?.({ signal });
  tell('started');
  await whenBack(part, before, door);
  healed();
}

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
  part: Part<AttachedReplica>,
  { stop, start, downMs }: { stop: Carry; start: Carry; downMs: number | undefined },
  door: DoorWatch,
): Promise<void> {
  const { scene, tell } = part;
  const { signal } = scene;
  tell('signal', { note: 'the stop command' });
  await door.during(stop({ signal }));
  // A balancer before it may never refuse; then only another instance proves it.
  await door.until((_look, elapsedMs) => door.refused || elapsedMs > closeWithinMs);
  if (downMs !== undefined) await hold(part, downMs);
  await start({ signal });
}
