import { messageOf } from '../../../base/errors.js';
import type { Facet } from '../../../history/events.js';
import { unfilled } from '../http/address.js';
import { type Attempt, type Connection, type Connector, DialFailed } from '../port.js';
import { MappingFailure } from '../shared/mapping.js';
import { type ClientMeans, grievancesOf } from '../shared/means.js';
import { Veil } from '../shared/veil.js';
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
    dial: (attempt) => dial(kit, attempt, options.dialTimeoutMs ?? 10_000),
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

async function dial(kit: Kit, attempt: Attempt, withinMs: number): Promise<Connection> {
  const { signal } = attempt;
  signal.throwIfAborted();
  let stopWaiting = (): void => undefined;
  try {
    return await new Promise<Connection>((entered, failed) => {
      const connection = begin(kit, attempt, { entered: () => entered(connection), failed });
      const callOff = () => connection.abandon('the attempt was called off');
      const late = () => connection.abandon(`expected to be in every room within ${withinMs} ms`);
      const timer = setTimeout(late, withinMs);
      signal.addEventListener('abort', callOff, { once: true });
      stopWaiting = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', callOff);
      };
    });
  } finally {
    stopWaiting();
  }
}

function begin(...[kit, attempt, waiting]: ConstructorParameters<typeof SseConnection>): SseConnection {
  try {
    return new SseConnection(kit, attempt, waiting);
  } catch (error) {
    const veil = new Veil(attempt.credentials?.token ?? null);
    const veiled = (text: string) => veil.over(text, () => undefined);
    if (error instanceof MappingFailure) kit.broken(error, veiled);
    throw new DialFailed('dial', veiled(messageOf(error)));
  }
}
