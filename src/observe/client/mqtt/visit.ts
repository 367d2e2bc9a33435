import type { MqttClient } from 'mqtt';
import { clientOptions, type Entrance } from './entrance.js';
import { codeOf, type Library } from './link.js';
import type { Suback } from './packets.js';

/** What a visit hears. Unless its visitor leaves, it lasts until the broker ends it, or its signal does. */
export interface Visitor {
  letIn(client: MqttClient): void;
  refused?(code: number): void;
  granted?(packet: Suback): void;
}

/** How long a session may take to be taken away, in ms. */
const forgetWithinMs = 2_000;

/** One connection that is not made again. Resolves when it is over; never rejects. */
export async function visit(
  library: Library,
  entrance: Entrance,
  { letIn, refused, granted }: Visitor,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const client = library.connect({ ...clientOptions(entrance), reconnectPeriod: 0 });
  const hangUp = () => client.stream.destroy();
  signal.addEventListener('abort', hangUp, { once: true });
  client.on('connect', () => letIn(client));
  client.on('packetreceive', (packet) => {
    if (packet.cmd === 'connack' && codeOf(packet) !== 0) refused?.(codeOf(packet));
    else if (packet.cmd === 'suback') granted?.(packet);
  });
  await new Promise<void>((resolve) => client.once('close', resolve));
  signal.removeEventListener('abort', hangUp);
  client.end(true);
}

/** Has the broker forget a session that it keeps, by coming once with a clean one. */
export async function forget(library: Library, entrance: Entrance): Promise<void> {
  // Past the relay: it may hold back the network of this session.
  const clean = { ...entrance, kept: false, through: entrance.origin };
  const visitor = { letIn: (client: MqttClient) => void client.end() };
  await visit(library, clean, visitor, AbortSignal.timeout(forgetWithinMs));
}
