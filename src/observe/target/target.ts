import { writtenAddress } from './address.js';
import { powersOf } from './attached.js';
import type { ServiceDescription } from './description.js';
import type { TargetEnvironment } from './environment.js';
import type { Power, StartCall, Target, TargetKind } from './port.js';
import { bringUp } from './start.js';

/**
 * A target made of services, which are started in the order given, each ready before the next. Throws `CONFIG_INVALID` for an
 * address that is none. Touches nothing until it is started.
 */
export function createTarget(
  { services }: { readonly services: Readonly<Record<string, ServiceDescription>> },
  environment: TargetEnvironment,
): TargetKind {
  const named = Object.entries(services);
  return {
    name: [...new Set(named.map(([, { kind }]) => kind))].join(' and '),
    addresses: named.map(([name, { ready }]) => writtenAddress(ready, name)),
    services: named.map(([name, service]) => ({ name, powers: powers(service) })),
    start: (call: StartCall): Promise<Target | { readonly absent: string }> =>
      bringUp(named, environment, call),
  };
}

const powers = (service: ServiceDescription): ReadonlySet<Power> =>
  service.kind === 'launch' ? new Set<Power>(['signal']) : powersOf(service.commands ?? {});
