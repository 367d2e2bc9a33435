import type { Client } from 'aedes';
import library from 'mqtt';
import { mqtt } from '../../../src/observe/client/index.js';
import { Broker, refusal } from '../../observe/client/mqtt/broker.js';
import { conforms } from './conforms.js';
import type { Harness, Mischief, Served } from './harness.js';

for (const over of ['tcp', 'ws'] as const) {
  for (const session of ['clean', 'kept'] as const) {
    conforms(`mqtt (${session} sessions over ${over})`, {
      serve: (port, mischief) => serve(over, port, mischief),
      pipelines: true,
      kind: (port, means) => {
        const url = over === 'tcp' ? `mqtt://127.0.0.1:${port}` : `ws://127.0.0.1:${port}/mqtt`;
        return mqtt({ url, session, reconnectPeriodMs: 10 }, library, means);
      },
    } satisfies Harness);
  }
}

/** A real broker; what it is made to do wrong is done in its own hooks, or to the bytes of a connection. */
async function serve(over: 'tcp' | 'ws', port: number, mischief: Mischief): Promise<Served> {
  let taken = 0;
  const clients = new Map<string, Client>();
  const spoilt = new Set<string>();
  const broker = await Broker.start({
    ...{ over, port },
    authenticate: (client, user, password, done) => {
      if (String(password) === mischief.refuse) return done(refusal(4), false);
      clients.set(String(user), client);
      done(null, true);
    },
    authorizePublish: (_client, packet, done) => {
      taken += 1;
      if (mischief.mute) return;
      if (mischief.repeat) broker.aedes.publish({ ...packet }, () => done(null));
      else done(null);
    },
  });
  broker.aedes.on('subscribe', (_subscriptions, client) => {
    if (spoilt.has(client.id)) return;
    spoilt.add(client.id);
    // Once the session is in.
    setImmediate(() => spoil(client, mischief));
  });
  return {
    port: broker.port,
    get taken() {
      return taken;
    },
    drop: (user) => clients.get(user)?.close(),
    stop: () => broker[Symbol.asyncDispose](),
  };
}

function spoil(client: Client, { garbage, flood }: Mischief): void {
  if (garbage) client.conn.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f, 0, 1]));
  const payload = Buffer.alloc(4 * 1024 * 1024, 'x');
  const message = {
    cmd: 'publish',
    topic: 'outlast/lobby',
    payload,
    qos: 0,
    dup: false,
    retain: false,
  } as const;
  if (flood) client.publish(message, () => undefined);
}
