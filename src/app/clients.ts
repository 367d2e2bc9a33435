import type { ClientDescription } from '../config/types.js';
import {
  type ClientKind,
  type ClientMeans,
  custom,
  reconnecting,
  webSocketConnector,
} from '../observe/client/index.js';

/** What a client is made with: `file` is the config's, in whose project a library is looked for first. */
export interface Means extends ClientMeans {
  readonly file: string | undefined;
}

/** The client that a config describes. Touches no network. Rejects with `PEER_MISSING` where its library is not installed. */
export async function clientOf(description: ClientDescription, means: Means): Promise<ClientKind> {
  const { backoff } = description;
  const reconnection = backoff ? { backoff } : {};
  switch (description.kind) {
    case 'web-socket':
      return reconnecting(webSocketConnector(description, means), reconnection);
    case 'custom':
      return custom(description, means, reconnection);
  }
}
