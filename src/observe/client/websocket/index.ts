import { messageOf, type OutlastError } from '../../../base/errors.js';
import { type Attempt, type ClientKind, type Connection, type Connector, DialFailed } from '../port.js';
import { reconnecting, type ReconnectingOptions } from '../reconnecting.js';
import { type Kit, WebSocketConnection } from './connection.js';
import { MappingFailure } from './mapping.js';
import type { WebSocketOptions } from './options.js';
import { protocolOf } from './protocol.js';
import { Veil } from './veil.js';

/** What a client is given by the run. */
export interface WebSocketMeans {
  /** The run's id: the identity of another run's message is foreign. */
  readonly run: string;
  /** The digest of a text, normalised as the contract says. */
  readonly digest: (text: string) => string;
  /** Told once of each kind of frame that cannot be used: no JSON, or an acknowledgement of what nobody sent. */
  readonly note?: (text: string) => void;
  /**
   * Told once, with `MAPPING_FAILED`: a function of the options threw, or gave what cannot be used. No verdict
   * can rest on that. Without this function, `note` is told.
   */
  readonly broken?: (error: OutlastError) => void;
}

/** Sessions speak JSON over a WebSocket, and come back when it is lost. Throws `CONFIG_INVALID`. */
export function webSocket(
  options: WebSocketOptions,
  means: WebSocketMeans,
  reconnection: ReconnectingOptions = {},
): ClientKind {
  return reconnecting(webSocketConnector(options, means), reconnection);
}

/** One plain WebSocket at a time: what `webSocket` reconnects, and what a door is knocked at with. Throws `CONFIG_INVALID`. */
export function webSocketConnector(options: WebSocketOptions, means: WebSocketMeans): Connector {
  const protocol = protocolOf(options);
  const kit: Kit = {
    ...{ options, protocol, run: means.run, digest: means.digest },
    ...{ note: oncePerKind(means.note), broken: firstOf(means) },
    limits: {
      maxFrameBytes: options.maxFrameBytes ?? 1024 * 1024,
      instanceHeader: options.instanceHeader ?? 'x-instance',
    },
  };
  return {
    name: 'websocket',
    lacks: protocol.lacks,
    admission: protocol.admission,
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

/** All sessions share the functions, and the first failure ends the run: no other is put into words. */
function firstOf({ broken, note }: WebSocketMeans): Kit['broken'] {
  let isTold = false;
  return (failure, veil) => {
    if (isTold) return;
    isTold = true;
    const error = failure.inWords(veil);
    if (broken) broken(error);
    else note?.(`websocket: ${error.message}`);
  };
}

/** All sessions meet the same fault: one note is enough. */
function oncePerKind(note: WebSocketMeans['note']): Kit['note'] {
  const told = new Set<string>();
  return (kind, example = '') => {
    if (told.has(kind)) return;
    told.add(kind);
    note?.(`websocket: ${kind}${example === '' ? '' : `, ${example}`}`);
  };
}
