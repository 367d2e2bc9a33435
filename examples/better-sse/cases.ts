import type { Case } from '../case.js';

const project = {
  environment: { JWT_SECRET: 'only-for-trying' },
  needs: [{ packages: true }],
  server: {
    name: 'better-sse',
    version: ['node', '-p', 'require("./node_modules/better-sse/package.json").version'],
  },
} as const satisfies Partial<Case>;

const documents = {
  says: 'A session has the last event id that its client gave (`lastId`); a channel broadcasts to the sessions that are registered. What was missed is the application’s to keep and to send.',
  where:
    'https://matthewwid.github.io/better-sse/reference/api/, the API documentation of Session and Channel',
};

/** Everything is gone with the process; which of its consequences show depends on who was away, and what was said again. */
const forgotten = {
  outcome: 'fail',
  fails: ['log-kept'],
  perhaps: [
    'chat-log',
    'messages-duplicated',
    'messages-lost',
    'messages-reordered',
    'no-record-changed',
    'resumed-honestly',
  ],
} as const satisfies Case['expected'];

export const cases: readonly Case[] = [
  {
    name: 'ids and events in memory, SIGTERM',
    config: 'memory.config.ts',
    ...project,
    mode: 'history in memory',
    restart: 'SIGTERM',
    expected: forgotten,
    documents,
  },
  {
    name: 'ids and events in memory, SIGKILL',
    config: 'memory.crash.config.ts',
    ...project,
    mode: 'history in memory',
    restart: 'SIGKILL',
    expected: forgotten,
    documents,
  },
  {
    name: 'history in a file, SIGTERM',
    config: 'stored.config.ts',
    ...project,
    mode: 'history in a file',
    restart: 'SIGTERM',
    expected: { outcome: 'pass', fails: [] },
    documents,
  },
  {
    name: 'history in a file, SIGKILL',
    config: 'stored.crash.config.ts',
    ...project,
    mode: 'history in a file',
    restart: 'SIGKILL',
    expected: { outcome: 'pass', fails: [] },
    documents,
  },
];
