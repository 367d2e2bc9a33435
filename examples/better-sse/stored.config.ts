import {
  defineConfig,
  env,
  get,
  jwt,
  launch,
  pages,
  restart,
  sse,
  type SendAnswer,
  type StreamedEvent,
} from 'outlast';

/** What the service keeps of a message, and shows of it. */
interface Post {
  room: string;
  id: string;
  user: string;
  text: string;
}
interface Page {
  posts: Post[];
  next: number | null;
}

const client = sse({
  url: 'http://127.0.0.1:{port:chat}/rooms/{room}/events',
  send: ({ id, room, text }) => ({ path: `/rooms/${encodeURIComponent(room)}`, body: { key: id, text } }),
  acknowledge: ({ body }: SendAnswer<{ id: string }>) => ({ position: body.id }),
  receive: ({ event, data }: StreamedEvent<Post>) =>
    event === 'post' ? { room: data.room, text: data.text, from: data.user, position: data.id } : null,
  joined: ({ event, data, room }: StreamedEvent<{ head: string }>) =>
    event === 'joined' ? { room: room ?? '', head: data.head } : null,
  resume: true,
});

/** The chat, started with these variables. */
export const targetWith = (environment: Readonly<Record<string, string>>) => ({
  services: {
    chat: launch({
      command: 'node server.js',
      cwd: import.meta.dirname,
      environment: { PORT: '{port:chat}', ...environment },
      ready: 'http://127.0.0.1:{port:chat}/health',
    }),
  },
  users: jwt({ secret: env('JWT_SECRET') }),
  client,
  whoAmI: get('/me', { user: ({ user }: { user: string }) => user }),
  log: pages({
    url: (room, after) => `/rooms/${encodeURIComponent(room)}?after=${after ?? 0}`,
    items: ({ posts }: Page) => posts,
    next: ({ next }: Page) => next,
    text: ({ text }: Post) => text,
    from: ({ user }: Post) => user,
    position: ({ id }: Post) => id,
  }),
});

export default defineConfig({
  target: targetWith({ LOG: '{folder:data}/chat.log' }),
  workload: { sessions: 20, messagesPerSecond: 40 },
  disruption: restart('chat'),
});
