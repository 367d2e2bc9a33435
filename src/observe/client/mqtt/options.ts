import type { OutgoingMessage, ReceivedMessage } from '../shared/messages.js';

/** How a broker is spoken to. What is not told is as in mqtt.js itself, but for `qos`, 1, and `connectTimeoutMs`, 10 s. */
export interface MqttOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; may hold placeholders: `mqtt://127.0.0.1:{port:broker}`. */
  readonly url: string;
  /** 4 is MQTT 3.1.1, the default; 5 is MQTT 5. */
  readonly version?: 4 | 5;
  /** Of what is published and of what is subscribed to: 1 unless told. With 0 nothing is acknowledged. */
  readonly qos?: 0 | 1 | 2;
  /** `clean`, the default: nothing outlives a connection. `kept`: the broker keeps subscriptions, and messages meanwhile. */
  readonly session?: 'clean' | 'kept';
  /** The broker does not send a message back to who published it. MQTT 5 only; false unless told. */
  readonly noLocal?: boolean;
  /** The topic of a room: `outlast/<room>` unless told. One topic a room, without wildcards. */
  readonly topic?: (room: string) => string;
  /** What is published, as JSON. Without this function the payload is the text. */
  readonly send?: (message: OutgoingMessage) => unknown;
  /** What a payload, read as JSON, brings; null: no message. Without this function the payload is the text. */
  readonly receive?: (payload: unknown, about: PayloadAbout) => PayloadMessage | null;
  /** A ping where nothing else was sent for so long, in ms: 60 s unless told; 0 for none. */
  readonly keepaliveMs?: number;
  /** From the first packet to CONNACK, and from there until every room is joined: 10 s each unless told. */
  readonly connectTimeoutMs?: number;
  /** From a loss, or an attempt that failed, to the next attempt: 1 s unless told. */
  readonly reconnectPeriodMs?: number;
}

/** Where a payload came from. */
export interface PayloadAbout {
  readonly topic: string;
  readonly room: string;
}

/** The room is that of the topic unless told. */
export type PayloadMessage = Omit<ReceivedMessage, 'room'> & { readonly room?: string };
