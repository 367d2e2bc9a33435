import { OutlastError } from '../../base/errors.js';
import { isOwn, type TargetKind } from '../target/index.js';
import { restartAttached } from './attached.js';
import { restartOwn } from './own.js';
import { playAll } from './part.js';
import { missing } from './powers.js';
import type { Disruption } from './port.js';

/**
 * Restarts services, all at once. Ours: SIGTERM to the whole process group, SIGKILL to what is left after the grace (`graceMs`, or
 * the service's own), started again. Attached ones: by their commands.
 */
export function restart(
  services: readonly string[],
  options: { readonly graceMs?: number } = {},
): Disruption {
  return {
    type: 'restart',
    services,
    needs: ['signal', 'restart', 'stop-start'],
    lacks: {},
    strike: (scene) =>
      playAll(scene, services, (part) => {
        const { replica } = part;
        return isOwn(replica)
          ? restartOwn({ ...part, replica }, { kind: 'ask', ...options })
          : restartAttached({ ...part, replica });
      }),
  };
}

/** Kills services, all at once, and starts them again: SIGKILL to the whole process group. */
export function crash(services: readonly string[]): Disruption {
  return {
    type: 'crash',
    services,
    needs: ['signal'],
    lacks: { graceful: 'a crash gives a process no time to say goodbye' },
    strike: (scene) =>
      playAll(scene, services, async (part) => {
        const { replica } = part;
        if (!isOwn(replica)) throw missing('crash', ['signal'], replica.service, replica.powers);
        await restartOwn({ ...part, replica }, { kind: 'kill' });
      }),
  };
}

/** Why a disruption cannot be done to a target, before anything is touched: an error for each service that it has no power over. */
export function refusals(disruption: Disruption, target: TargetKind): readonly OutlastError[] {
  const { type, needs } = disruption;
  return disruption.services.flatMap((name) => {
    const service = target.services.find((candidate) => candidate.name === name);
    if (!service) {
      const names = target.services.map((candidate) => candidate.name).join(', ');
      return [
        new OutlastError(
          'CONFIG_INVALID',
          `expected one of the services ${names} for a ${type}; got ${name}`,
        ),
      ];
    }
    if (needs.length > 0 && !needs.some((power) => service.powers.has(power)))
      return [missing(type, needs, name, service.powers)];
    const objection = disruption.objection?.(service) ?? null;
    return objection === null ? [] : [new OutlastError('CONFIG_INVALID', objection)];
  });
}
