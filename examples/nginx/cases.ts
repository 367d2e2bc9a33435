import type { Case } from '../case.js';

export const cases: readonly Case[] = [
  {
    name: 'two backends, rolling',
    config: 'outlast.config.ts',
    needs: [{ program: 'nginx', debian: 'nginx-light' }],
    server: { name: 'nginx', version: ['nginx', '-v'] },
    mode: 'passive checks, fail_timeout 1 s',
    restart: 'SIGTERM, one replica after the other',
    expected: { outcome: 'pass', fails: [] },
    documents: {
      says: 'a request that a server refused is passed on to the next one (proxy_next_upstream)',
      where: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream',
    },
  },
];
