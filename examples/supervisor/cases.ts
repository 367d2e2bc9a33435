import type { Case } from '../case.js';

const supervisor = {
  needs: [
    { program: 'supervisord', debian: 'supervisor' },
    { program: 'supervisorctl', debian: 'supervisor' },
  ],
  server: { name: 'Supervisor', version: ['supervisord', '--version'] },
  expected: { outcome: 'pass', fails: [] },
} as const;

const where = 'http://supervisord.org/configuration.html#program-x-section-settings';

export const cases: readonly Case[] = [
  {
    ...supervisor,
    name: 'a program, restarted',
    config: 'restart.config.ts',
    mode: 'one program, log in a file',
    restart: 'supervisorctl restart',
    documents: {
      says: 'stopsignal is sent, and SIGKILL if the program has not ended after stopwaitsecs; then it is started.',
      where,
    },
  },
  {
    ...supervisor,
    name: 'a group, killed',
    config: 'crash.config.ts',
    mode: 'a group of one, log in a file, autorestart',
    restart: 'supervisorctl signal KILL',
    documents: {
      says: 'With autorestart=true the process is restarted when it ends, whatever its exit code.',
      where,
    },
  },
];
