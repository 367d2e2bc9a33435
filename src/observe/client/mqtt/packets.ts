import type { Packet } from 'mqtt';

// mqtt.js exports some of its packets' types only within their union.

export type { Packet };
export type Connack = Extract<Packet, { readonly cmd: 'connack' }>;
export type Disconnect = Extract<Packet, { readonly cmd: 'disconnect' }>;
export type Publish = Extract<Packet, { readonly cmd: 'publish' }>;
export type Suback = Extract<Packet, { readonly cmd: 'suback' }>;
export type Subscribe = Extract<Packet, { readonly cmd: 'subscribe' }>;
