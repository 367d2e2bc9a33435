import type { Case } from '../case.js';

export const cases: readonly Case[] = [
  {
    name: 'somebody deploys while Outlast watches',
    config: 'watch.config.ts',
    needs: [],
    beside: ['node', 'person.js'],
    server: { name: 'the service of examples/own-service', version: ['node', '--version'] },
    mode: 'log in a file, attached',
    restart: 'by somebody else: SIGTERM, and started again',
    expected: { outcome: 'pass', fails: [] },
    documents: {
      says: 'what is acknowledged is on disk; connections are closed with 1012',
      where: 'examples/own-service/server.js',
    },
  },
];
