import { defineConfig, get, pages } from 'outlast';
import config from './outlast.config.js';

/** A line of the service's log, as `/channels/:channel` shows it. */
interface Post {
  number: number;
  user: string;
  body: string;
}

export default defineConfig({
  ...config,
  target: {
    ...config.target,
    records: { member: get('/me') },
    whoAmI: get('/me', { user: ({ user }: { user: string }) => user }),
    log: pages({
      url: (room, after) => `/channels/${room}?after=${after ?? 0}`,
      items: ({ posts }: { posts: Post[] }) => posts,
      next: ({ next }: { next: number | null }) => next,
      text: ({ body }: Post) => body,
      from: ({ user }: Post) => user,
      position: ({ number }: Post) => number,
    }),
  },
});
