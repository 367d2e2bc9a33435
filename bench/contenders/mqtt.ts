import library from 'mqtt';
import { mqtt as client } from '../../build/observe/client/index.js';
import { means } from '../support/crowd.js';
import type { Serving } from '../workers/broker.js';
import type { Bare, Contender, Place } from './contender.js';

/** QoS 1 both ways; each payload is a text. */
const speaking = {
  library: 'mqtt.js',
  ours: (url: string) => client({ url }, library, means),
  bare,
};

export const mqtt: Contender = {
  ...speaking,
  server: { worker: 'broker', settings: { over: 'tcp' } satisfies Serving },
  address: (port) => `mqtt://127.0.0.1:${port}`,
};

export const mqttOverWebSocket: Contender = {
  ...speaking,
  server: { worker: 'broker', settings: { over: 'ws' } satisfies Serving },
  address: (port) => `ws://127.0.0.1:${port}/mqtt`,
};

async function bare(url: string, { user, room, token, heard }: Place): Promise<Bare> {
  const topic = `outlast/${room}`;
  const session = await library.connectAsync(url, {
    clientId: user.replace(/[^0-9A-Za-z]/g, ''),
    username: user,
    password: token,
  });
  session.on('message', (_topic, payload) => heard(payload.toString('utf8')));
  await session.subscribeAsync(topic, { qos: 1 });
  return {
    say(_id, text, acknowledged) {
      void session.publishAsync(topic, text, { qos: 1 }).then(acknowledged);
    },
  };
}
