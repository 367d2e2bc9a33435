import type { Duration } from '../../base/duration.js';
import type { Received, SocketIoOptions as EngineOptions } from '../../observe/client/descriptions.js';
import type { Loose, WithLoose } from './loose.js';

type OwnTimes = 'dialTimeoutMs' | 'ackTimeoutMs' | 'backoff';
type ReceiveEvent = Loose<(...parameters: readonly unknown[]) => Received>;
type ReceiveAny = Loose<(event: string, ...parameters: readonly unknown[]) => Received>;

export interface SocketIoOptions extends WithLoose<Omit<EngineOptions, OwnTimes | 'receive'>> {
  /** The message or messages that an event brings: a function for each event, or one for all, which takes its name too. */
  readonly receive: Readonly<Record<string, ReceiveEvent>> | ReceiveAny;
  /** How long the library waits for an answer before it gives up, or tries again (`retries`). For ever unless told. */
  readonly ackTimeout?: Duration;
  /** From the first packet until every room is joined: 20 s, as the library does, unless told. */
  readonly dialTimeout?: Duration;
  /**
   * The library's `reconnectionDelay`, `reconnectionDelayMax` and `randomizationFactor`: 1 s, 5 s and 0.5 unless told, as
   * users' clients have them.
   */
  readonly backoff?: { readonly first?: Duration; readonly max?: Duration; readonly jitter?: number };
}
export interface SocketIoInput extends SocketIoOptions {
  readonly kind: 'socket-io';
}
