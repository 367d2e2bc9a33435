import type { Facet } from '../../../history/events.js';
import { unfilled } from '../http/address.js';
import { dial, type Waiting } from '../shared/dialling.js';
import type { Connector } from '../port.js';
import { type ClientMeans, grievancesOf } from '../shared/means.js';
import { type Kit, SseConnection } from './connection.js';
import type { SseOptions } from './options.js';

/** A session listens to a `text/event-stream` and sends by requests: what `reconnecting` brings back when it is lost. */
export function sseConnector(options: SseOptions, means: ClientMeans): Connector {
  const { url, sendTo, maxEventBytes = 1024 * 1024, idleTimeoutMs, instanceHeader = 'x-instance' } = options;
  const kit: Kit = {
    ...{ options, run: means.run, digest: means.digest },
    ...grievancesOf('sse', means),
    limits: { maxEventBytes, idleTimeoutMs, instanceHeader },
  };
  return {
    name: 'sse',
    dials: [url, ...(sendTo === undefined ? [] : [sendTo])].map(unfilled),
    lacks: lacksOf(options),
    // A request always has an answer: where no event confirms a join, a message that is accepted shows the token let in.
    admission: options.joined ? 'join' : 'acknowledgement',
    dial: (attempt) => {
      const begin = (waiting: Waiting) => new SseConnection(kit, attempt, waiting);
      return dial(begin, attempt, { withinMs: options.dialTimeoutMs ?? 10_000, broken: kit.broken });
    },
  };
}

function lacksOf({ resume = false, positions = resume }: SseOptions): Partial<Record<Facet, string>> {
  return {
    'close-codes': 'a stream of events ends without a code',
    ...(resume
      ? {}
      : { resume: 'the client does not say that the service replays after an id (`resume: true`)' }),
    ...(positions
      ? {}
      : { positions: 'the client does not say that messages carry positions (`positions: true`)' }),
  };
}
