import { setTimeout as sleep } from 'node:timers/promises';
import { OutlastError } from '../../base/errors.js';
import { portTaken } from '../../system/ports.js';
import { isLoopback } from './address.js';
import type { ServiceDescription } from './description.js';
import type { TargetEnvironment } from './environment.js';
import { Holdings } from './holdings.js';
import { type Launch, LaunchedReplica } from './launched.js';
import { Placeholders } from './placeholders.js';
import { type Plan, planned, textsOf } from './plan.js';
import type { AnyReplica, StartCall, Target } from './port.js';
import { whenReady } from './ready.js';

/** How long an attached service may take to show that it is there, in ms. */
const presentWithinMs = 1_000;

/** Checks everything that can be checked before anything is touched, then starts what is ours. See `TargetKind.start`. */
export async function bringUp(
  services: readonly (readonly [string, ServiceDescription])[],
  environment: TargetEnvironment,
  call: StartCall,
): Promise<Target | { readonly absent: string }> {
  const holdings = new Holdings(environment, call);
  const placeholders = await Placeholders.in(
    services.flatMap(([, service]) => textsOf(service)),
    {
      variables: environment.variables,
      root: () => holdings.folder(),
      secret: (text) => environment.redactor.add(text),
    },
  );
  const plans = services.map(([name, told]) => planned(name, told, placeholders, environment.variables));
  await refuseTakenPorts(plans);
  const replicas = plans.map((plan) => holdings.replica(plan));
  const absent = await firstAbsent(replicas, call.signal);
  if (absent === null) await startInOrder(replicas, call.signal);
  else await holdings.letGo();
  return absent === null ? targetOf(replicas, placeholders, holdings) : { absent };
}

function targetOf(replicas: readonly AnyReplica[], placeholders: Placeholders, holdings: Holdings): Target {
  return {
    services: new Map(
      replicas.map((replica) => [replica.service, { name: replica.service, replicas: [replica] }]),
    ),
    resolve: (text) => placeholders.resolve(text),
    [Symbol.asyncDispose]: () => holdings.letGo(),
  };
}

async function startInOrder(replicas: readonly AnyReplica[], signal: AbortSignal): Promise<void> {
  for (const replica of replicas) {
    if (!(replica instanceof LaunchedReplica)) continue;
    await replica.start({ signal });
    await whenReady(replica, signal);
  }
}

/** A port that is not free would have us judge somebody else's service. */
async function refuseTakenPorts(plans: readonly Plan[]): Promise<void> {
  const ours = plans.flatMap(({ launch }) => (launch && isLoopback(launch.address.host) ? [launch] : []));
  const taken = await Promise.all(ours.map(({ address }) => portTaken(address.host, address.port)));
  const problems = ours.filter((_, index) => taken[index]).map(takenBy);
  if (problems.length === 0) return;
  throw new OutlastError(
    'PORT_IN_USE',
    `expected free ports to start services at; ${problems.join(' and ')}. End that program, or write {port:NAME} for a free port`,
  );
}

const takenBy = ({ service, address }: Launch) =>
  `another program listens at ${address.url.host}, which ${service} is to have`;

/** Why an attached service counts as not there, or null when all of them are ready. */
async function firstAbsent(replicas: readonly AnyReplica[], signal: AbortSignal): Promise<string | null> {
  const reasons = await Promise.all(
    replicas.map((replica) => (replica instanceof LaunchedReplica ? null : absence(replica, signal))),
  );
  return reasons.find((reason) => reason !== null) ?? null;
}

async function absence(replica: AnyReplica, signal: AbortSignal): Promise<string | null> {
  const begun = performance.now();
  for (;;) {
    const look = await replica.look({ signal });
    signal.throwIfAborted();
    if (look.ready) return null;
    if (look.refused || performance.now() - begun > presentWithinMs) {
      return `${replica.service} is not ready at ${replica.door}: ${look.reason ?? 'not ready'}`;
    }
    await sleep(50, undefined, { signal });
  }
}
