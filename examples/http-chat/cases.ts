import type { Case } from '../case.js';

const project = {
  needs: [],
  server: { name: 'Node.js http', version: ['node', '--version'] },
  expected: { outcome: 'pass', fails: [] },
  documents: {
    says: 'What is acknowledged is on disk, and what is said again under its id is the same message.',
    where: 'examples/http-chat/README.md',
  },
} as const satisfies Partial<Case>;

export const cases: readonly Case[] = [
  {
    name: 'asked every 250 ms, SIGTERM',
    config: 'outlast.config.ts',
    ...project,
    mode: 'polling, log in a file',
    restart: 'SIGTERM',
  },
  {
    name: 'asked every 250 ms, SIGKILL',
    config: 'crash.config.ts',
    ...project,
    mode: 'polling, log in a file',
    restart: 'SIGKILL',
  },
  {
    name: 'questions are held, SIGTERM',
    config: 'long-poll.config.ts',
    ...project,
    mode: 'long polling, log in a file',
    restart: 'SIGTERM',
  },
];
