import {
  defineConfig,
  get,
  jwt,
  launch,
  pages,
  poll,
  restart,
  type PolledAnswer,
  type SendAnswer,
} from 'outlast';

/** What the service keeps of a message. */
interface Post {
  number: number;
  user: string;
  text: string;
}
interface Page {
  posts: Post[];
  next: number | null;
}

export default defineConfig({
  target: {
    services: {
      chat: launch({
        command: 'node server.js',
        cwd: import.meta.dirname,
        environment: { PORT: '{port:chat}', LOG: '{folder:data}/chat.log', JWT_SECRET: '{secret:jwt}' },
        ready: 'http://127.0.0.1:{port:chat}/health',
      }),
    },
    users: jwt({ secret: '{secret:jwt}' }),
    client: poll({
      url: 'http://127.0.0.1:{port:chat}/rooms/{room}',
      send: ({ id, room, text }) => ({ path: `/rooms/${encodeURIComponent(room)}`, body: { id, text } }),
      acknowledge: ({ body }: SendAnswer<{ number: number }>) => ({ position: body.number }),
      receive: ({ body, room }: PolledAnswer<Page>) =>
        body.posts.map(({ number, user, text }) => ({
          room: room ?? '',
          text,
          from: user,
          position: number,
        })),
      more: ({ body }: PolledAnswer<Page>) => body.next !== null,
      interval: '250ms',
    }),
    whoAmI: get('/me', { user: ({ user }: { user: string }) => user }),
    log: pages({
      url: (room, after) => `/rooms/${encodeURIComponent(room)}?after=${after ?? 0}`,
      items: ({ posts }: Page) => posts,
      next: ({ next }: Page) => next,
      text: ({ text }: Post) => text,
      from: ({ user }: Post) => user,
      position: ({ number }: Post) => number,
    }),
  },
  workload: { sessions: 20, messagesPerSecond: 40 },
  disruption: restart('chat'),
});
