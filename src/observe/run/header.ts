import type { Facet, Header, Plan } from '../../history/events.js';
import { populate } from '../workload/index.js';
import type { Setup } from './setup.js';

/** The header of a run's history: the plan is decided before anything is touched. */
export function headerOf(setup: Setup, epoch: string): Header {
  const { run, seed, writer, contract } = setup;
  return { outlast: 1, run, seed, epoch, writer, contract, plan: planOf(setup) };
}

function planOf(setup: Setup): Plan {
  const { client, disruption, workload, holdsConnections } = setup;
  const { type, services } = disruption;
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
    disruptions: [{ type, services, holdsConnections }],
    client: { name, reconnects, offlineSend },
    messagesPerSecond: workload.messagesPerSecond,
    quietMs: workload.quietMs,
  };
}

function without({ client, disruption, without }: Setup): Partial<Record<Facet, string>> {
  const graceful = disruption.graceful === true ? {} : { graceful: disruption.graceful };
  return { ...without, ...client.lacks, ...graceful };
}
