import type { Case } from '../case.js';

const common = {
  needs: [],
  server: { name: 'the reference service', version: ['node', '--version'] },
  mode: 'PostgreSQL beneath auth and backend',
  expected: { outcome: 'pass', fails: [] },
  documents: {
    says: 'what is acknowledged is committed; the backend keeps its sessions while the database is away, and answers 503',
    where: 'reference/README.md',
  },
} as const;

export const cases: readonly Case[] = [
  {
    ...common,
    name: 'PostgreSQL restarted, SIGTERM',
    config: 'restart.config.ts',
    restart: 'SIGTERM, beneath the service',
  },
  {
    ...common,
    name: 'PostgreSQL crashed, SIGKILL',
    config: 'crash.config.ts',
    restart: 'SIGKILL, beneath the service',
  },
];
