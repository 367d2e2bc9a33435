import { messageOf } from '../../../base/errors.js';
import { type Attempt, type ClientKind, type Connection, type Connector, DialFailed } from '../port.js';
import { reconnecting, type ReconnectingOptions } from '../reconnecting.js';
import { type Kit, WebSocketConnection } from './connection.js';
import { MappingFailure } from '../shared/mapping.js';
import { type ClientMeans, grievancesOf } from '../shared/means.js';
import { Veil } from '../shared/veil.js';
import type { WebSocketOptions } from './options.js';
import { protocolOf } from './protocol.js';

/** Sessions speak JSON over a WebSocket, and come back when it is lost. Throws `CONFIG_INVALID`. */
export function webSocket(
  options: WebSocketOptions,
  means: ClientMeans,
  reconnection: ReconnectingOptions = {},
): ClientKind {
  return reconnecting(webSocketConnector(options, means), reconnection);
}

/** One plain WebSocket at a time: what `webSocket` reconnects, and what a door is knocked at with. Throws `CONFIG_INVALID`. */
export function webSocketConnector(options: WebSocketOptions, means: ClientMeans): Connector {
  const protocol = protocolOf(options);
  const kit: Kit = {
    ...{ options, protocol, run: means.run, digest: means.digest },
    ...grievancesOf('websocket', means),
    limits: {
      maxFrameBytes: options.maxFrameBytes ?? 1024 * 1024,
      instanceHeader: options.instanceHeader ?? 'x-instance',
      encoding: options.encoding,
    },
  };
  return {
    name: 'websocket',
    dials: [options.url],
    lacks: protocol.lacks,
    admission: protocol.admission,
    pipelines: true,
    dial: (attempt) => dial(kit, attempt, options.dialTimeoutMs ?? 10_000),
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

function begin(
  ...[kit, attempt, waiting]: ConstructorParameters<typeof WebSocketConnection>
): WebSocketConnection {
  try {
    return new WebSocketConnection(kit, attempt, waiting);
  } catch (error) {
    const veil = new Veil(attempt.credentials?.token ?? null);
    const veiled = (text: string) => veil.over(text, () => undefined);
    if (error instanceof MappingFailure) kit.broken(error, veiled);
    throw new DialFailed('dial', veiled(messageOf(error)));
  }
}
