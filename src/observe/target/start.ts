import { setTimeout as sleep } from 'node:timers/promises';
import { OutlastError } from '../../base/errors.js';
import { portTaken } from '../../system/ports.js';
import { eitherOf } from '../../system/signals.js';
import { isLoopback } from './address.js';
import { countOf, type ServiceDescription } from './description.js';
import type { TargetEnvironment } from './environment.js';
import { Holdings } from './holdings.js';
import type { Launch } from './launched.js';
import type { Counts, Place } from './names.js';
import { Placeholders } from './placeholders.js';
import { type Plan, planned, textsOf } from './plan.js';
import {
  type AnyReplica,
  isOwn,
  type OwnReplica,
  type Service,
  type StartCall,
  type Target,
} from './port.js';
import { whenReady } from './ready.js';
import { placeOfFile, type Templates, write } from './templates.js';

/** How long an attached service may take to show that it is there, in ms. */
const presentWithinMs = 1_000;

/** A service as it is described, its files read. */
export interface Described {
  readonly name: string;
  readonly told: ServiceDescription;
  readonly templates: Templates;
}

/** Checks everything that can be checked before anything is touched, then starts what is ours. See `TargetKind.start`. */
export async function bringUp(
  services: readonly Described[],
  counts: Counts,
  environment: TargetEnvironment,
  call: StartCall,
): Promise<Target | { readonly absent: string }> {
  const holdings = new Holdings(environment, call);
  const { placeholders, plans } = await fillIn(services, counts, environment, holdings);
  await refuseTakenPorts(plans);
  const standing = plans.map((plan): Standing => ({
    ...{ service: plan.service, spare: plan.spare, startedBy: plan.attachment?.startedBy ?? null },
    replica: holdings.replica(plan),
  }));
  const absent = await firstAbsent(standing, call.signal);
  if (absent !== null) {
    await holdings.letGo();
    return { absent };
  }
  plans.flatMap(({ files }) => files).forEach(write);
  await startInOrder(standing, call.signal);
  return targetOf(standing, placeholders, holdings);
}

/** A value for each placeholder, and a plan for each replica. */
async function fillIn(
  services: readonly Described[],
  counts: Counts,
  { variables, redactor }: TargetEnvironment,
  holdings: Holdings,
) {
  const texts = services.flatMap(({ name, told, templates }) => textsOf(name, told, templates));
  const placeholders = await Placeholders.in(texts, counts, {
    ...{ variables, root: () => holdings.folder() },
    secret: (text) => redactor.add(text),
    file: (at, name) => {
      const owner = holderOf(services, at, name);
      return owner && placeOfFile(holdings.folder(), owner, name);
    },
  });
  const plans = services.flatMap(({ name, told, templates }) =>
    planned(name, told, { placeholders, templates, counts, variables }),
  );
  return { placeholders, plans };
}

interface Standing {
  readonly service: string;
  readonly spare: boolean;
  /** The service of ours that starts it, where it is not ours itself. */
  readonly startedBy: string | null;
  readonly replica: AnyReplica;
}

/** Whose file it is: the service's own, or that of another one that has one of this name, once. */
function holderOf(services: readonly Described[], at: Place, file: string): Place | null {
  const holders = services.filter(({ templates }) => templates.some(({ name }) => name === file));
  if (holders.some(({ name }) => name === at.service)) return at;
  const [holder, ...more] = holders.filter(({ told }) => countOf(told) === 1);
  return holder && more.length === 0 ? { service: holder.name, number: 1 } : null;
}

function targetOf(standing: readonly Standing[], placeholders: Placeholders, holdings: Holdings): Target {
  const services = [...byService(standing)].map(([name, its]): [string, Service] => {
    const of = (spare: boolean) => its.filter((one) => one.spare === spare).map(({ replica }) => replica);
    return [name, { name, replicas: of(false), spares: of(true).filter(isOwn) }];
  });
  return {
    services: new Map(services),
    resolve: (text) => placeholders.resolve(text),
    [Symbol.asyncDispose]: () => holdings.letGo(),
  };
}

function byService(standing: readonly Standing[]): ReadonlyMap<string, readonly Standing[]> {
  const services = new Map<string, Standing[]>();
  for (const one of standing) services.set(one.service, [...(services.get(one.service) ?? []), one]);
  return services;
}

async function startInOrder(standing: readonly Standing[], signal: AbortSignal): Promise<void> {
  for (const its of byService(standing).values()) {
    const ours = its.flatMap(({ spare, replica }) => (!spare && isOwn(replica) ? [replica] : []));
    await startTogether(ours, signal);
    const theirs = its.filter(({ startedBy }) => startedBy !== null);
    for (const { replica } of theirs) await whenReady(replica, signal);
  }
}

/** The first that fails has the others waited for no longer, and is what is thrown. */
async function startTogether(replicas: readonly OwnReplica[], signal: AbortSignal): Promise<void> {
  const failed = new AbortController();
  const either = eitherOf([signal, failed.signal]);
  const starting = replicas.map(async (replica) => {
    try {
      await replica.start({ signal: either });
      await whenReady(replica, either);
    } catch (error) {
      failed.abort(error);
    }
  });
  await Promise.all(starting);
  either.throwIfAborted();
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

const takenBy = ({ name, address }: Launch) =>
  `another program listens at ${address.url.host}, which ${name} is to have`;

/** Why an attached service counts as not there, or null when all of them are ready. */
async function firstAbsent(standing: readonly Standing[], signal: AbortSignal): Promise<string | null> {
  const reasons = await Promise.all(
    standing.map(({ replica, startedBy }) =>
      isOwn(replica) || startedBy !== null ? null : absence(replica, signal),
    ),
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
