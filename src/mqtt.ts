// What users import from `outlast/mqtt`: sessions that speak MQTT through mqtt.js, which they install themselves.
export * from './config/faces/mqtt.js';
export type { MqttOptions } from './config/input/mqtt.js';
