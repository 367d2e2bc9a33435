import type { Facet, Header, Plan, PlannedDisruption } from '../../history/events.js';
import { populate } from '../workload/index.js';
import type { Setup, Strike } from './setup.js';

/** The header of a run's history: the plan is decided before anything is touched. */
export function headerOf(setup: Setup, epoch: string): Header {
  const { run, seed, writer, contract } = setup;
  return { outlast: 1, run, seed, epoch, writer, contract, plan: planOf(setup) };
}

function planOf(setup: Setup): Plan {
  const { client, workload } = setup;
  const { name, reconnects, offlineSend } = client;
  return {
    tests: setup.tests,
    without: without(setup),
    sessions: populate({
      sessions: workload.sessions,
      roomSize: workload.roomSize,
      newcomers: setup.readsLog,
      absentees: client.lacks.resume === undefined,
    }),
    disruptions: setup.strikes.map(planned),
    client: { name, reconnects, offlineSend },
    messagesPerSecond: workload.messagesPerSecond,
    quietMs: workload.quietMs,
  };
}

function planned({ disruption, holdsConnections, lacks }: Strike): PlannedDisruption {
  const { type, services } = disruption;
  const lacking = { ...disruption.lacks, ...lacks };
  const some = Object.keys(lacking).length > 0;
  return { type, services, holdsConnections, ...(some && { lacks: lacking }) };
}

function without({ client, strikes, without }: Setup): Partial<Record<Facet, string>> {
  return { ...without, ...client.lacks, ...lackedByAll(strikes.map(planned)) };
}

/** What one of the disruptions shows, the run shows. */
function lackedByAll(disruptions: readonly PlannedDisruption[]): Partial<Record<Facet, string>> {
  const [first, ...others] = disruptions.map(({ lacks }) => lacks ?? {});
  const lacked = Object.entries(first ?? {}).filter(([facet]) =>
    others.every((lacks) => Object.hasOwn(lacks, facet)),
  );
  return Object.fromEntries(lacked);
}
