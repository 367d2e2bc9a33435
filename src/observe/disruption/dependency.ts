import { isOwn } from '../target/index.js';
import { restartAttached } from './attached.js';
import { doorsReady } from './doors.js';
import { type Ending, restartOwn } from './own.js';
import { type Part, playAll } from './part.js';
import { missing } from './powers.js';
import type { Disruption } from './port.js';

const elsewhere = 'sessions are connected to what depends on the service that is restarted, and not to it';

/**
 * Restarts services that others depend on, beneath them: a database, a broker. It is over when every service of the target is ready.
 * `crash`: with SIGKILL. Sessions are connected to what depends on them, and are not meant to lose their connection.
 */
export function dependency(
  services: readonly string[],
  options: { readonly crash?: boolean; readonly graceMs?: number } = {},
): Disruption {
  const { crash = false, graceMs } = options;
  const ending = crash ? ({ kind: 'kill' } as const) : asked(graceMs);
  return {
    type: 'dependency',
    services,
    needs: crash ? ['signal'] : ['signal', 'restart', 'stop-start'],
    lacks: {
      ...{ loss: elsewhere, instance: elsewhere },
      ...(crash && { graceful: 'a crash gives a process no time to say goodbye' }),
    },
    strike: (scene) =>
      playAll(scene, services, async (part) => {
        await restartIt(part, ending);
        const after = `the restart of ${part.replica.name} beneath it`;
        await doorsReady(scene, { except: services, after });
      }),
  };
}

const asked = (graceMs: number | undefined): Ending =>
  graceMs === undefined ? { kind: 'ask' } : { kind: 'ask', graceMs };

async function restartIt(part: Part, ending: Ending): Promise<void> {
  const { replica } = part;
  if (isOwn(replica)) await restartOwn({ ...part, replica }, ending);
  else if (ending.kind === 'ask') await restartAttached({ ...part, replica });
  else throw missing('crash of a dependency', ['signal'], replica.service, replica.powers);
}
