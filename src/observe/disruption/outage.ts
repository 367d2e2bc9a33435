import { isOwn } from '../target/index.js';
import { restartAttached } from './attached.js';
import { restartOwn } from './own.js';
import { playAll } from './part.js';
import type { Disruption } from './port.js';

/** Stops services as a restart does, all at once, keeps them down for so long, and starts them again. */
export function outage(
  services: readonly string[],
  { forMs, graceMs }: { readonly forMs: number; readonly graceMs?: number },
): Disruption {
  const ending = { kind: 'ask', downMs: forMs, ...(graceMs === undefined ? {} : { graceMs }) } as const;
  return {
    type: 'outage',
    services,
    needs: ['signal', 'stop-start'],
    lacks: {},
    strike: (scene) =>
      playAll(scene, services, (part) => {
        const { replica } = part;
        return isOwn(replica)
          ? restartOwn({ ...part, replica }, ending)
          : restartAttached({ ...part, replica }, { downMs: forMs });
      }),
  };
}
