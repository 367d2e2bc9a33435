import type { Config, OneDisruption, TargetConfig } from '../config/types.js';
import type { Facet } from '../history/events.js';
import { countOf } from '../observe/target/index.js';
import { servicesOf } from './strikes.js';

/** What a config lacks for the checks of balancers and rolling restarts, with the reason in words. */
export function balancingLacks({ target, disruption }: Config): Partial<Record<Facet, string>> {
  const all = disruption.kind === 'sequence' ? disruption.disruptions : [disruption];
  const balanced = all.some((one) => isBalanced(target, one));
  return {
    ...(balanced ? {} : { balancer: 'no service that is disrupted has several replicas behind one address' }),
    ...(namesInstance(target.client)
      ? {}
      : {
          instance:
            'the config does not say where a connection tells which instance holds it (target.client.instanceHeader)',
        }),
  };
}

/** Has one of its services several replicas, none of which is what sessions dial? */
function isBalanced(target: TargetConfig, disruption: OneDisruption): boolean {
  const { services, client } = target;
  return servicesOf(disruption, target).some((name) => {
    const service = services[name];
    return service !== undefined && countOf(service) > 1 && !portsOf(client.url).includes(name);
  });
}

/** The services whose ports an address names, as `{port:backend}` or `{port:backend.1}`. */
const portsOf = (url: string): string[] =>
  [...url.matchAll(/\{port:([A-Za-z][\w-]*)(?:\.\d+)?\}/g)].map(([, name = '']) => name);

/** Only where it is said: a header that a service does not send would leave every such check unknown for ever. */
const namesInstance = (client: object): boolean =>
  'instanceHeader' in client && client.instanceHeader !== undefined;
