import path from 'node:path';
import { jwt, launch, webSocket } from 'outlast';

/** What the service of examples/own-service says. */
interface Frame {
  op: string;
  ref: string;
  channel: string;
  number: number;
  last: number;
  from: string;
  body: string;
}

/** It signs the tokens of one run on this machine, and nothing else. */
const secret = 'only for trying this example';

const environment = { PORT: '{port:chat}', LOG: '{folder:data}/chat.log', JWT_SECRET: secret };
const ready = 'http://127.0.0.1:{port:chat}/health';

/** The same service, with somebody who keeps it running and begins it anew when asked. */
export const kept = launch({
  command: ['node', path.join(import.meta.dirname, 'keeper.js')],
  environment: { ...environment, PID_FILE: '{folder:data}/keeper.pid' },
  ready,
});

/** The small chat of examples/own-service, which keeps its log in a file. */
export const target = {
  services: {
    chat: launch({
      command: ['node', path.resolve(import.meta.dirname, '../own-service/server.js')],
      environment,
      ready,
    }),
  },
  users: jwt({ secret }),
  client: webSocket({
    url: 'ws://127.0.0.1:{port:chat}/',
    token: { query: 'access_token' },
    send: ({ id, room, text }) => ({ op: 'say', ref: id, channel: room, body: text }),
    acknowledge: ({ op, ref, number }: Frame) => (op === 'noted' ? { id: ref, position: number } : null),
    receive: ({ op, channel, body, from, number }: Frame) =>
      op === 'post' ? { room: channel, text: body, from, position: number } : null,
    join: ({ room, after }) => ({
      op: 'enter',
      channel: room,
      since: after === null ? null : Number(after),
    }),
    joined: ({ op, channel, last }: Frame) => (op === 'entered' ? { room: channel, head: last } : null),
    resume: true,
  }),
};

export const workload = { sessions: 20, messagesPerSecond: 60, steady: '1s', quiet: '1s' } as const;
