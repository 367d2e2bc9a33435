import type { ClientMeans, Grievances } from '../shared/means.js';
import type { Library } from './link.js';
import type { MqttOptions } from './options.js';
import type { Payloads } from './payloads.js';
import type { Topics } from './topics.js';

/** The name of this client, which is also that of its door. */
export const clientName = 'mqtt';

/** What all sessions of one client share. */
export interface Kit extends Pick<ClientMeans, 'run' | 'digest'>, Grievances {
  readonly library: Library;
  readonly options: MqttOptions;
  readonly topics: Topics;
  readonly payloads: Payloads;
}

/**
 * The id by which a broker knows a session, the same at each of its connections and in no other run. Of letters and digits
 * only, and as long as every broker must take. Source: MQTT 3.1.1, 3.1.3.1.
 */
export const clientIdOf = (kit: Pick<Kit, 'run'>, session: string): string =>
  `outlast${kit.run}${session}`.replace(/[^0-9A-Za-z]/g, '');
