import type { Config, OneDisruption, TargetConfig } from '../config/types.js';
import type { Facet } from '../history/events.js';
import { crash, restart, rolling, type Disruption } from '../observe/disruption/index.js';
import type { Strike } from '../observe/run/index.js';
import type { TargetKind } from '../observe/target/index.js';

/** Between the disruptions of a sequence, unless told. */
const usualPauseMs = 1_000;

/** What is done to the target, in order. */
export function strikesOf(config: Config, kind: TargetKind): readonly Strike[] {
  const { disruption, target } = config;
  const all = disruption.kind === 'sequence' ? disruption.disruptions : [disruption];
  return all.map((one) => ({
    disruption: disruptionOf(one),
    holdsConnections: holdsConnections(target, kind, one),
    lacks: exitCodeLack(target, one),
  }));
}

export const betweenMs = ({ disruption }: Config): number =>
  (disruption.kind === 'sequence' ? disruption.pauseMs : undefined) ?? usualPauseMs;

function disruptionOf(description: OneDisruption): Disruption {
  switch (description.kind) {
    case 'restart':
      return restart(
        description.services,
        description.graceMs === undefined ? {} : { graceMs: description.graceMs },
      );
    case 'crash':
      return crash(description.services);
    case 'rolling':
      return rolling(description.services, description);
  }
}

/**
 * Do the services that are disrupted hold the sessions' connections, or stand behind one that passes them on? Where the address
 * does not tell, they are taken to.
 */
function holdsConnections(
  target: TargetConfig,
  { services }: TargetKind,
  disruption: OneDisruption,
): boolean {
  const place = authorityOf(target.client.url);
  const doors = Object.entries(target.services).filter(([, { ready }]) => authorityOf(ready) === place);
  const holders = new Set(doors.map(([name]) => name));
  for (const name of holders) {
    const behind = services.find((service) => service.name === name)?.routesTo ?? [];
    // A set that grows while it is gone through is gone through to its end.
    for (const next of behind) holders.add(next);
  }
  return holders.size === 0 || disruption.services.some((name) => holders.has(name));
}

const authorityOf = (url: string) => /^[a-z]+:\/\/([^/?#]+)/i.exec(url)?.[1];

function exitCodeLack({ services }: TargetConfig, disruption: OneDisruption): Partial<Record<Facet, string>> {
  const attached = disruption.services.filter((name) => services[name]?.kind === 'attach');
  return attached.length === 0
    ? {}
    : { 'exit-code': `${attached.join(', ')} is run by somebody else, so its exit code is not seen` };
}
