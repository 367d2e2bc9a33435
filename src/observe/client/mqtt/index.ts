import type { Facet } from '../../../history/events.js';
import type { ClientKind } from '../port.js';
import { type ClientMeans, grievancesOf } from '../shared/means.js';
import { mqttDoor } from './door.js';
import { clientName, type Kit } from './kit.js';
import type { Library } from './link.js';
import type { MqttOptions } from './options.js';
import { payloadsOf } from './payloads.js';
import { MqttSession } from './session.js';
import { Topics } from './topics.js';

export type { Library as MqttLibrary } from './link.js';

/** Sessions speak MQTT through mqtt.js, as it is installed in the project of whoever runs us. */
export function mqtt(options: MqttOptions, library: Library, means: ClientMeans): ClientKind {
  const kit: Kit = {
    ...{ library, options, run: means.run, digest: means.digest },
    ...grievancesOf(clientName, means),
    topics: new Topics(options.topic),
    payloads: payloadsOf(options),
  };
  return {
    name: clientName,
    dials: [options.url],
    reconnects: 'itself',
    offlineSend: 'buffered',
    resends: 'library',
    lacks: lacksOf(options),
    open: (seat, observe) => new MqttSession(kit, seat, observe),
    door: (seat) => mqttDoor(kit, seat),
  };
}

function lacksOf({ qos = 1, session = 'clean' }: MqttOptions): Partial<Record<Facet, string>> {
  return {
    positions: 'messages of MQTT carry no numbers',
    instance: 'a broker does not say which instance holds a connection',
    'close-codes': 'a broker need not say why it ends a connection',
    ...(qos === 0 ? { acknowledgements: 'QoS 0 is not acknowledged (client.qos)' } : {}),
    ...(session === 'clean' || qos === 0 ? { resume: whyNoResumption(session) } : {}),
  };
}

const whyNoResumption = (session: 'clean' | 'kept') =>
  session === 'clean'
    ? 'a clean session begins anew at each connection (client.session)'
    : 'QoS 0 is not kept for who is away (client.qos)';
