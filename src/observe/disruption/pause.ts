import { setTimeout as sleep } from 'node:timers/promises';
import { OutlastError } from '../../base/errors.js';
import { isOwn, type OwnReplica, whenReady } from '../target/index.js';
import { instanceOf, type Part, playAll } from './part.js';
import { hold } from './hold.js';
import { missing } from './powers.js';
import type { About, Disruption } from './port.js';

/** The system stops a process at once; one that is in the kernel for long is a moment late. */
const stopWithinMs = 2_000;

/**
 * Stops services, all at once, for so long, and lets them go on: SIGSTOP and SIGCONT to the whole process group. They keep their
 * memory, their connections and their ports, and answer nobody: as under a debugger, a full swap or a long collection of garbage.
 */
export function pause(services: readonly string[], { forMs }: { readonly forMs: number }): Disruption {
  return {
    type: 'pause',
    services,
    needs: ['signal'],
    lacks: {
      restart: 'a pause restarts nothing',
      graceful: 'a pause ends no process',
      loss: 'a pause closes no connection',
      'exit-code': 'a pause ends no process',
    },
    strike: (scene) =>
      playAll(scene, services, async (part) => {
        const { replica } = part;
        if (!isOwn(replica)) throw missing('pause', ['signal'], replica.service, replica.powers);
        await pauseOwn({ ...part, replica }, forMs);
      }),
  };
}

async function pauseOwn(part: Part<OwnReplica>, forMs: number): Promise<void> {
  const { replica, scene, tell } = part;
  const { signal } = scene;
  const before = await replica.look({ signal });
  tell('begin', instanceOf(before));
  if (!replica.alive())
    throw new OutlastError('RESTART_FAILED', 'it had ended by itself before it was disrupted');
  await scene.untilChatting();
  const healed = registerResumption(part);
  tell('signal', { signal: 'SIGSTOP' });
  replica.signal('SIGSTOP');
  const proof = await proofOf(part);
  if (proof) await hold(part, forMs, { held: proof, released: () => ({ signal: 'SIGCONT' }) });
  else await sleep(forMs, undefined, { signal });
  replica.signal('SIGCONT');
  healed();
  const after = await whenReady(replica, signal);
  const unproved = proof ? {} : { note: 'not proved: some process went on, and so did its door' };
  tell('ready', { ...instanceOf(after), ...unproved });
}

/** Before it is stopped. Returns how to take it out again. */
function registerResumption({ replica, scene, tell }: Part<OwnReplica>): () => void {
  const resume = () => {
    replica.signal('SIGCONT');
  };
  return scene.scope.undo(
    `let ${replica.name} go on`,
    () => {
      resume();
      tell('healed');
      return Promise.resolve();
    },
    resume,
  );
}

/** How it shows that nothing of it goes on: every process is stopped, or, where the system does not tell, its door hangs. */
async function proofOf({ replica, scene }: Part<OwnReplica>): Promise<About | null> {
  const { signal } = scene;
  const begun = performance.now();
  while (performance.now() - begun < stopWithinMs) {
    const stopped = await replica.stopped();
    signal.throwIfAborted();
    if (stopped === true) return { note: 'every process of its group is stopped' };
    if (stopped === null) {
      const look = await replica.look({ signal });
      signal.throwIfAborted();
      if (!look.ready && !look.refused) return { note: `its door hangs: ${look.reason ?? 'no answer'}` };
    }
    await sleep(5, undefined, { signal });
  }
  return null;
}
