import type { Case } from '../case.js';

export const cases: readonly Case[] = [
  {
    name: 'two backends, rolling',
    config: 'outlast.config.ts',
    needs: [{ program: 'haproxy', debian: 'haproxy' }],
    server: { name: 'HAProxy', version: ['haproxy', '-v'] },
    mode: 'checks every 200 ms, lame duck 500 ms',
    restart: 'SIGTERM, one replica after the other',
    expected: { outcome: 'pass', fails: [] },
    documents: {
      says: 'a server whose check fails gets no new connections; a refused connection may be redispatched',
      where: 'https://docs.haproxy.org/2.6/configuration.html#option%20redispatch',
    },
  },
];
