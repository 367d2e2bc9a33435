import { OutlastError } from '../../base/errors.js';
import { isOwn, type TargetKind } from '../target/index.js';
import { crashAttached, restartAttached } from './attached.js';
import { restartOwn } from './own.js';
import { playAll } from './part.js';
import { missing } from './powers.js';
import type { Disruption, Ground } from './port.js';

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
    prepare: (ground) => prepare(ground, services),
    strike: (scene) =>
      playAll(scene, services, (part) => {
        const { replica } = part;
        return isOwn(replica)
          ? restartOwn({ ...part, replica }, { kind: 'ask', ...options })
          : restartAttached({ ...part, replica });
      }),
  };
}

/**
 * Kills services, all at once, and starts them again: SIGKILL to the whole process group. `againMs`: and so long after the start
 * those that are ours are killed once more, unless they are ready by then.
 */
export function crash(services: readonly string[], options: { readonly againMs?: number } = {}): Disruption {
  return {
    type: 'crash',
    services,
    needs: ['signal', 'kill'],
    lacks: { graceful: 'a crash gives a process no time to say goodbye' },
    prepare: (ground) => prepare(ground, services),
    strike: (scene) =>
      playAll(scene, services, async (part) => {
        const { replica } = part;
        if (isOwn(replica)) await restartOwn({ ...part, replica }, { kind: 'kill', ...options });
        else if (replica.kill) await crashAttached({ ...part, replica }, replica.kill);
        else throw missing('crash', ['signal', 'kill'], replica.service, replica.powers);
      }),
  };
}

/** What the managers of attached services say is read once before sessions connect: what fails then has broken nothing. */
async function prepare({ target, signal }: Ground, services: readonly string[]): Promise<void> {
  const replicas = services.flatMap((name) => target.services.get(name)?.replicas ?? []);
  for (const replica of replicas) if (!isOwn(replica)) await replica.identity?.({ signal });
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
