import type { Duration } from '../../base/duration.js';
import type { MqttOptions as EngineOptions } from '../../observe/client/descriptions.js';
import type { WithLoose } from './loose.js';

type OwnTimes = 'keepaliveMs' | 'connectTimeoutMs' | 'reconnectPeriodMs';

export interface MqttOptions extends WithLoose<Omit<EngineOptions, OwnTimes>> {
  /** The library's `keepalive`, in whole seconds: 60 s, as users' clients have it, unless told; 0 for no pings. */
  readonly keepalive?: Duration;
  /** The library's `connectTimeout`, and how long joining the rooms may take: 10 s unless told (the library's own: 30 s). */
  readonly connectTimeout?: Duration;
  /** The library's `reconnectPeriod`, a wait that never grows: 1 s, as users' clients have it, unless told. */
  readonly reconnectPeriod?: Duration;
}
export interface MqttInput extends MqttOptions {
  readonly kind: 'mqtt';
}
