import type { MqttClient } from 'mqtt';
import type * as mqttjs from 'mqtt';
import { messageOf } from '../../../base/errors.js';
import type { Closed } from '../port.js';
import { codeInWords, isVersion, statusOf } from './codes.js';
import { clientOptions, type Entrance } from './entrance.js';
import type { Connack, Disconnect, Packet, Suback } from './packets.js';

/** What is used of mqtt.js, from the project of whoever runs us. */
export type Library = Pick<typeof mqttjs, 'connect'>;

/** What a link tells. `ended` follows each `begun`; nothing follows the link's own `leave`. */
export interface LinkEvents {
  /** An attempt to connect begins. */
  begun(): void;
  /** CONNACK. `isPresent`: the broker has kept the session. */
  opened(isPresent: boolean): void;
  /** Everything that was buffered or in flight was written: now subscriptions can be asked for. */
  flushed(): void;
  sent(packet: Packet): void;
  granted(packet: Suback): void;
  received(topic: string, payload: Buffer): void;
  ended(end: LinkEnd): void;
}

/** How an attempt, or the connection that came of it, ended. What the broker said is not veiled yet. */
export type LinkEnd =
  | { readonly wasOpen: true; readonly closed: Closed }
  | {
      readonly wasOpen: false;
      readonly at: 'dial' | 'handshake' | 'sign-in';
      readonly reason: string;
      readonly status?: number;
    };

/** From one attempt to connect to the end of what came of it. */
interface Attempt {
  isOpen: boolean;
  connack: Connack | null;
  goodbye: Disconnect | null;
  error: Error | null;
}

/** How long our goodbye may take, in ms. */
const goodbyeMs = 500;

/** One client of mqtt.js, which connects again by itself, and what it is seen to do. */
export class Link {
  readonly #client: MqttClient;
  #attempt: Attempt = newAttempt();
  #hasLeft = false;

  constructor(
    library: Library,
    private readonly entrance: Entrance,
    private readonly events: LinkEvents,
  ) {
    events.begun();
    this.#client = library.connect(clientOptions(entrance));
    this.#attend();
    this.#listen();
  }

  /** For the attempts that are still to come. */
  useLogin(login: Entrance['login']): void {
    const { options } = this.#client;
    if (login) Object.assign(options, login);
    else {
      delete options.username;
      delete options.password;
    }
  }

  /** `answered` is told once, and not before the library is done with it; never where it is not. */
  publish(topic: string, payload: string, answered: (error: Error | undefined) => void): void {
    const { qos = 1 } = this.entrance.options;
    this.#client.publish(topic, payload, { qos }, (error) => answered(error ?? undefined));
  }

  subscribe(topics: readonly string[]): void {
    const { qos = 1, noLocal = false } = this.entrance.options;
    const wish = { qos, ...(noLocal ? { nl: true } : {}) };
    // What comes of it is seen in the packets.
    this.#client.subscribe(Object.fromEntries(topics.map((topic) => [topic, wish])), () => undefined);
  }

  /** Hangs up; the library connects again. */
  drop(): void {
    this.#client.stream.destroy();
  }

  /** Says goodbye where that can be done at once, and hangs up. Idempotent, never rejects. */
  async leave(): Promise<void> {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    const client = this.#client;
    const isIdle = client.connected && Object.keys(client.outgoing).length === 0;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        client.stream.destroy();
        resolve();
      }, goodbyeMs);
      client.end(!isIdle, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #listen(): void {
    const client = this.#client;
    client.on('reconnect', () => this.#tell(() => this.events.begun()));
    client.on('packetsend', (packet) => {
      if (packet.cmd === 'connect') this.#attend();
      this.#tell(() => this.events.sent(packet));
    });
    client.on('packetreceive', (packet) => this.#arrived(packet));
    client.on('connect', () => this.#tell(() => this.events.flushed()));
    client.on('message', (topic, payload) => this.#tell(() => this.events.received(topic, payload)));
    client.on('error', (error) => (this.#attempt.error ??= error));
  }

  /** The client's own `close` does not say which stream was closed, and an old one may be late. */
  #attend(): void {
    const attempt = (this.#attempt = newAttempt());
    this.#client.stream.once('close', () => this.#tell(() => this.events.ended(endOf(attempt))));
  }

  #arrived(packet: Packet): void {
    if (packet.cmd === 'suback') this.#tell(() => this.events.granted(packet));
    else if (packet.cmd === 'disconnect') this.#attempt.goodbye = packet;
    else if (packet.cmd === 'connack') this.#greeted(packet);
  }

  #greeted(packet: Connack): void {
    this.#attempt.connack = packet;
    if (codeOf(packet) !== 0) return;
    this.#attempt.isOpen = true;
    this.#tell(() => this.events.opened(packet.sessionPresent));
  }

  #tell(event: () => void): void {
    if (!this.#hasLeft) event();
  }
}

const newAttempt = (): Attempt => ({ isOpen: false, connack: null, goodbye: null, error: null });

/** MQTT 3.1.1 has return codes, MQTT 5 has reason codes. */
export const codeOf = ({ reasonCode, returnCode }: Connack): number => reasonCode ?? returnCode ?? 0;

function endOf({ isOpen, connack, goodbye, error }: Attempt): LinkEnd {
  if (isOpen) return { wasOpen: true, closed: closedBy(goodbye, error) };
  if (connack) return refusedBy(connack);
  if (error === null) {
    return { wasOpen: false, at: 'handshake', reason: 'the broker closed the connection before its CONNACK' };
  }
  return { wasOpen: false, at: isUnreached(error) ? 'dial' : 'handshake', reason: messageOf(error) };
}

function refusedBy(connack: Connack): LinkEnd {
  const code = codeOf(connack);
  const status = statusOf(code);
  const advice = isVersion(code) ? 'the client speaks the `version` of the config' : '';
  const said = connack.properties?.reasonString ?? advice;
  const reason = codeInWords('CONNACK', code, said);
  if (status === undefined) return { wasOpen: false, at: 'handshake', reason };
  return { wasOpen: false, at: 'sign-in', reason, status };
}

/** Only MQTT 5 has a goodbye of the broker; without one it is not known who hung up, or why. */
function closedBy(goodbye: Disconnect | null, error: Error | null): Closed {
  if (!goodbye) return { by: 'network', ...(error ? { reason: messageOf(error) } : {}) };
  const { reasonCode: code = 0, properties } = goodbye;
  const reason = codeInWords('DISCONNECT', code, properties?.reasonString);
  return { by: 'target', code, reason, ...(statusOf(code) ? { unauthorized: true } : {}) };
}

/** The name was not resolved, or the address refused the connection. Several addresses give one error for all of them. */
function isUnreached(error: Error): boolean {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const call = first instanceof Error && 'syscall' in first ? first.syscall : undefined;
  return call === 'connect' || call === 'getaddrinfo';
}
