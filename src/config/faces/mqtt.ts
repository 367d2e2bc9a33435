import type { MqttInput, MqttOptions } from '../input/mqtt.js';

/** Sessions speak MQTT through mqtt.js. */
export const mqtt = (options: MqttOptions): MqttInput => ({ ...options, kind: 'mqtt' });
