import { defineConfig, env, jwt, launch, restart, webSocket } from 'outlast';

/** What the service says: `noted`, `post` and `entered`, each with some of these. */
interface Frame {
  op: string;
  ref: string;
  channel: string;
  number: number;
  last: number;
  from: string;
  body: string;
}

export default defineConfig({
  target: {
    services: {
      chat: launch({
        command: 'node server.js',
        environment: { PORT: '{port:chat}', LOG: '{folder:data}/chat.log' },
        ready: 'http://127.0.0.1:{port:chat}/health',
      }),
    },
    users: jwt({ secret: env('JWT_SECRET') }),
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
  },
  disruption: restart('chat'),
});
