import type { Config, NetworkDescription, OneDisruption, TargetConfig } from '../config/types.js';
import type { Facet } from '../history/events.js';
import {
  command,
  crash,
  dependency,
  type DeployMeans,
  type Disruption,
  network,
  outage,
  pause,
  restart,
  rolling,
  throughToxiproxy,
  watch,
} from '../observe/disruption/index.js';
import type { Strike } from '../observe/run/index.js';
import type { TargetKind } from '../observe/target/index.js';

/** Between the disruptions of a sequence, unless told. */
const usualPauseMs = 1_000;

/** What a disruption needs of the run. */
export interface StrikeMeans extends DeployMeans {
  readonly target: TargetKind;
}

/** What is done to the target, in order. */
export function strikesOf(config: Config, means: StrikeMeans): readonly Strike[] {
  const { disruption, target } = config;
  const all = disruption.kind === 'sequence' ? disruption.disruptions : [disruption];
  return all.map((one) => {
    const made = disruptionOf(one, target, means);
    const holds = meetsAll(one) || holdsConnections(target, means.target, made);
    return {
      disruption: made,
      holdsConnections: holds,
      lacks: { ...exitCodeLack(target, made), ...(holds ? {} : connectionLacks(made)) },
    };
  });
}

export const betweenMs = ({ disruption }: Config): number =>
  (disruption.kind === 'sequence' ? disruption.pauseMs : undefined) ?? usualPauseMs;

/** The services that a disruption names, or means: a deploy where none is told is of all of them. */
export function servicesOf(told: OneDisruption, { services }: TargetConfig): readonly string[] {
  if (told.kind === 'network') return [];
  return told.services ?? Object.keys(services);
}

/** Whoever is connected passes the network, and what depends on a dependency. */
const meetsAll = ({ kind }: OneDisruption) => kind === 'network' || kind === 'dependency';

function disruptionOf(told: OneDisruption, target: TargetConfig, means: StrikeMeans): Disruption {
  switch (told.kind) {
    case 'restart':
      return restart(told.services, told.graceMs === undefined ? {} : { graceMs: told.graceMs });
    case 'crash':
      return crash(told.services, told.againMs === undefined ? {} : { againMs: told.againMs });
    case 'rolling':
      return rolling(told.services, told);
    case 'pause':
      return pause(told.services, told);
    case 'outage':
      return outage(told.services, told);
    case 'dependency':
      return dependency(told.services, told);
    case 'network':
      return networkOf(told);
    case 'command':
      return command({ ...told, services: servicesOf(told, target) }, means);
    case 'watch':
      return watch(servicesOf(told, target), told);
  }
}

function networkOf({ fault, forMs, through }: NetworkDescription): Disruption {
  return through ? throughToxiproxy(fault, { forMs, at: through }) : network(fault, { forMs });
}

/**
 * Do the services that are disrupted hold the sessions' connections, or stand behind one that passes them on? Where the address
 * does not tell, they are taken to.
 */
function holdsConnections(target: TargetConfig, { services }: TargetKind, disruption: Disruption): boolean {
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

function exitCodeLack({ services }: TargetConfig, disruption: Disruption): Partial<Record<Facet, string>> {
  const attached = disruption.services.filter((name) => services[name]?.kind === 'attach');
  return attached.length === 0
    ? {}
    : { 'exit-code': `${attached.join(', ')} is run by somebody else, so its exit code is not seen` };
}

/** What nobody is connected to ends no connection, and moves none to another replica. */
function connectionLacks({ services }: Disruption): Partial<Record<Facet, string>> {
  const reason = `no session is connected to ${services.join(', ')}`;
  return { loss: reason, balancer: reason };
}
