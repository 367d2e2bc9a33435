import { setTimeout as sleep } from 'node:timers/promises';
import { inWords } from '../../base/duration.js';
import { OutlastError } from '../../base/errors.js';
import { within } from '../../system/process-group.js';
import { type Exit, type OwnReplica, whenReady } from '../target/index.js';
import { hold } from './hold.js';
import { instanceOf, type Part } from './part.js';

/**
 * How a process of ours is ended; `downMs`: and for how long it is kept down on purpose; `againMs`: and how long after it was
 * started again it is killed once more, unless it is ready by then.
 */
export type Ending =
  | { readonly kind: 'ask'; readonly graceMs?: number; readonly downMs?: number }
  | { readonly kind: 'kill'; readonly againMs?: number };

/** The system ends a killed process at once, unless it hangs in the kernel. */
const killWithinMs = 10_000;
/** A port closes with the process that held it. Helpers outside the group that notice its end by themselves get a moment. */
const closeWithinMs = 3_000;

/**
 * Ends a replica that is ours and starts it again, and proves it at the door: nobody listens while its whole group is dead. To
 * heal it nothing has to be registered: it has stood in the scope, to be stopped, since before it was first started.
 */
export async function restartOwn(part: Part<OwnReplica>, ending: Ending): Promise<void> {
  const { replica, scene, tell } = part;
  const { signal } = scene;
  const before = await replica.look({ signal });
  tell('begin', instanceOf(before));
  if (!replica.alive()) throw failed('it had ended by itself before it was disrupted');
  await scene.untilChatting();
  tell('exited', await end(part, ending));
  await proveClosed(part);
  tell('port-closed');
  if (ending.kind === 'ask' && ending.downMs !== undefined) await hold(part, ending.downMs);
  await replica.start({ signal });
  tell('started');
  if (ending.kind === 'kill' && ending.againMs !== undefined) await endAgain(part, ending.againMs);
  const after = await whenReady(replica, signal);
  const same = after.instance !== undefined && after.instance === before.instance;
  tell('ready', { ...instanceOf(after), ...(same ? { note: 'it tells the same instance as before' } : {}) });
}

/** Kills it while it starts, and starts it again. One that is ready before its time has come is left alone. */
async function endAgain(part: Part<OwnReplica>, afterMs: number): Promise<void> {
  const { replica, scene, tell } = part;
  const { signal } = scene;
  await sleep(afterMs, undefined, { signal });
  if ((await replica.look({ signal })).ready || !replica.alive()) return;
  tell('exited', await end(part, { kind: 'kill' }));
  await proveClosed(part);
  await replica.start({ signal });
  tell('started');
}

interface Ended {
  readonly exitCode: number | null;
  readonly signal?: string;
  /** It was still there after its grace. */
  readonly killed: boolean;
}

/** Ends a replica that is ours: asked, and killed past its grace. Tells each signal. */
export async function end({ replica, scene, tell }: Part<OwnReplica>, ending: Ending): Promise<Ended> {
  const { signal } = scene;
  let exit: Exit | null = null;
  const graceful = ending.kind === 'ask';
  if (graceful) {
    tell('signal', { signal: 'SIGTERM' });
    replica.signal('SIGTERM');
    exit = await within(replica.exited({ signal }), ending.graceMs ?? replica.graceMs);
  }
  const killed = graceful && exit === null;
  if (exit === null) {
    tell('signal', { signal: 'SIGKILL' });
    replica.signal('SIGKILL');
    exit = await within(replica.exited({ signal }), killWithinMs);
  }
  if (exit === null) throw failed(`it was still there ${inWords(killWithinMs)} after SIGKILL`);
  return { exitCode: exit.exitCode, killed, ...(exit.signal === null ? {} : { signal: exit.signal }) };
}

/** Waits until nobody listens at its door. Throws `RESTART_FAILED` where something still does. */
export async function proveClosed({ replica, scene }: Part<OwnReplica>): Promise<void> {
  const { signal } = scene;
  const begun = performance.now();
  for (;;) {
    const look = await replica.look({ signal });
    signal.throwIfAborted();
    if (look.refused) return;
    if (performance.now() - begun > closeWithinMs) {
      const what = look.up
        ? 'something still answers'
        : `nothing refuses connections (${look.reason ?? 'no answer'})`;
      throw failed(
        `its whole process group is gone, and ${what} at ${replica.door}: another program, or a process that left the group`,
      );
    }
    await sleep(10, undefined, { signal });
  }
}

const failed = (why: string) => new OutlastError('RESTART_FAILED', why);
