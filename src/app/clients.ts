import type { Backoff } from '../base/backoff.js';
import type { ClientDescription } from '../config/types.js';
import {
  type ClientKind,
  type ClientMeans,
  custom,
  mqtt,
  type MqttLibrary,
  pollConnector,
  reconnecting,
  socketIo,
  type SocketIoLibrary,
  sseConnector,
  webSocketConnector,
} from '../observe/client/index.js';
import { loadPeer } from './peers.js';

/** What a client is made with: `file` is the config's, in whose project a library is looked for first. */
export interface Means extends ClientMeans {
  readonly file: string | undefined;
}

/** The client that a config describes. Touches no network. Rejects with `PEER_MISSING` where its library is not installed. */
export async function clientOf(description: ClientDescription, means: Means): Promise<ClientKind> {
  switch (description.kind) {
    case 'web-socket':
      return reconnecting(webSocketConnector(description, means), reconnectionOf(description));
    case 'custom':
      return custom(description, means, reconnectionOf(description));
    case 'mqtt': {
      const { kind: _, ...options } = description;
      const library = await loadPeer<MqttLibrary>('mqtt', means.file, 'client: mqtt()');
      return mqtt(options, library, means);
    }
    case 'socket-io': {
      const library = await loadPeer<SocketIoLibrary>('socket.io-client', means.file, 'client: socketIo()');
      return socketIo(description, means, library);
    }
    case 'poll':
      return reconnecting(pollConnector(description, means), reconnectionOf(description));
    case 'sse':
      return reconnecting(sseConnector(description, means), reconnectionOf(description));
  }
}

const reconnectionOf = ({ backoff }: { readonly backoff?: Backoff }) => (backoff ? { backoff } : {});
