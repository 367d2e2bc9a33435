import type { ClientKind, Connector } from '../port.js';
import { reconnecting, type ReconnectingOptions } from '../reconnecting.js';
import { type Kit, WebSocketConnection } from './connection.js';
import { dial, type Waiting } from '../shared/dialling.js';
import { type ClientMeans, grievancesOf } from '../shared/means.js';
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
    dial: (attempt) => {
      const begin = (waiting: Waiting) => new WebSocketConnection(kit, attempt, waiting);
      return dial(begin, attempt, { withinMs: options.dialTimeoutMs ?? 10_000, broken: kit.broken });
    },
  };
}
