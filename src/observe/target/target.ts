import { writtenAddress } from './address.js';
import { powersOf } from './attached.js';
import { countOf, type ServiceDescription } from './description.js';
import type { TargetEnvironment } from './environment.js';
import { type Counts, ownerOf } from './names.js';
import { portsIn } from './placeholders.js';
import { textsIn } from './plan.js';
import type { Power, ServiceKind, StartCall, Target, TargetKind } from './port.js';
import { bringUp, type Described } from './start.js';
import { type Templates, templatesOf } from './templates.js';

/**
 * A target made of services, which are started in the order given, each ready before the next; the replicas of one, together.
 * Throws `CONFIG_INVALID` for an address that is none, and for a file that cannot be read. Touches nothing until it is started.
 */
export function createTarget(
  { services }: { readonly services: Readonly<Record<string, ServiceDescription>> },
  environment: TargetEnvironment,
): TargetKind {
  const described = Object.entries(services).map(([name, told]) => ({
    ...{ name, told },
    templates: templatesOf(name, told),
  }));
  const counts = new Map(described.map(({ name, told }) => [name, countOf(told)]));
  return {
    name: [...new Set(described.map(({ told }) => told.kind))].join(' and '),
    addresses: described.map(({ name, told }) => writtenAddress(told.ready, name)),
    services: described.map((one) => kindOf(one, counts)),
    start: (call: StartCall): Promise<Target | { readonly absent: string }> =>
      bringUp(described, counts, environment, call),
  };
}

function kindOf({ name, told, templates }: Described, counts: Counts): ServiceKind {
  const several = told.kind === 'launch' ? { replicas: told.replicas ?? 1, spares: told.spare ?? 0 } : null;
  const powers = several
    ? new Set<Power>(['signal'])
    : told.kind === 'attach'
      ? powersOf(told)
      : new Set<Power>();
  return {
    ...{ name, powers, routesTo: routesOf(told, templates, counts) },
    ...(several ?? { replicas: 1, spares: 0 }),
  };
}

/** Who is given the ports of single replicas of another service spreads connections over them. */
function routesOf(told: ServiceDescription, templates: Templates, counts: Counts): readonly string[] {
  const seen = textsIn(told, templates).flatMap(portsIn);
  const spread = seen.flatMap(({ name, number }) => (number === null ? [] : (ownerOf(name, counts) ?? [])));
  return [...new Set([...(told.routesTo ?? []), ...spread])];
}
