import path from 'node:path';
import { attach, get, jwt, launch, pages, pm2, webSocket } from 'outlast';

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

/** A line of the service's log, as `/channels/:channel` shows it. */
interface Post {
  number: number;
  user: string;
  body: string;
}

/** It signs the tokens of one run on this machine, and nothing else. */
const secret = 'only for trying this example';

const program = (name: string) => path.join(import.meta.dirname, 'node_modules/.bin', name);
const ready = 'http://127.0.0.1:{port:chat}/health';

/** pm2 is ours, and ends with the run; the chat is pm2's, two processes at one port. */
const services = (how: 'reload' | 'restart') => ({
  pm2: launch({
    command: [program('pm2-runtime'), 'start', path.join(import.meta.dirname, 'ecosystem.config.cjs')],
    environment: {
      PM2_HOME: '{folder:pm2}',
      PORT: '{port:chat}',
      DATA: '{folder:data}',
      JWT_SECRET: secret,
    },
    ready,
  }),
  chat: attach({
    ready,
    instance: 'instance',
    startedBy: 'pm2',
    manager: pm2({ process: 'chat', how, home: '{folder:pm2}', program: program('pm2') }),
  }),
});

const client = webSocket({
  url: 'ws://127.0.0.1:{port:chat}/',
  token: { query: 'access_token' },
  send: ({ id, room, text }) => ({ op: 'say', ref: id, channel: room, body: text }),
  acknowledge: ({ op, ref, number }: Frame) => (op === 'noted' ? { id: ref, position: number } : null),
  receive: ({ op, channel, body, from, number }: Frame) =>
    op === 'post' ? { room: channel, text: body, from, position: number } : null,
  join: ({ room, after }) => ({ op: 'enter', channel: room, since: after === null ? null : Number(after) }),
  joined: ({ op, channel, last }: Frame) => (op === 'entered' ? { room: channel, head: last } : null),
  resume: true,
});

const log = pages({
  url: (room, after) => `/channels/${room}?after=${after ?? 0}`,
  items: ({ posts }: { posts: Post[] }) => posts,
  next: ({ next }: { next: number | null }) => next,
  text: ({ body }: Post) => body,
  from: ({ user }: Post) => user,
  position: ({ number }: Post) => number,
});

export const target = (how: 'reload' | 'restart') => ({
  services: services(how),
  users: jwt({ secret }),
  ...{ client, log },
  whoAmI: get('/me', { user: ({ user }: { user: string }) => user }),
});

export const workload = { sessions: 20, messagesPerSecond: 40, steady: '1s', quiet: '1s' } as const;
