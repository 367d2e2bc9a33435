import type { Case } from '../case.js';

const pm2 = {
  needs: [{ packages: true }],
  server: { name: 'pm2', version: ['node', '-p', "require('pm2/package.json').version"] },
  mode: 'cluster of two, log in a file, wait_ready',
  expected: { outcome: 'pass', fails: [] },
} as const;

const where = 'https://pm2.keymetrics.io/docs/usage';

export const cases: readonly Case[] = [
  {
    ...pm2,
    name: 'a cluster of two, reload',
    config: 'reload.config.ts',
    restart: 'pm2 reload',
    documents: {
      says: 'As opposed to restart, which kills and restarts the process, reload achieves a 0-second-downtime reload.',
      where: `${where}/cluster-mode/`,
    },
  },
  {
    ...pm2,
    name: 'a cluster of two, restart',
    config: 'restart.config.ts',
    restart: 'pm2 restart',
    documents: {
      says: 'SIGINT, and SIGKILL after kill_timeout, for a process that is stopped or restarted.',
      where: `${where}/signals-clean-restart/`,
    },
  },
  {
    ...pm2,
    name: 'a cluster of two, SIGKILL to both',
    config: 'crash.config.ts',
    restart: 'pm2 sendSignal SIGKILL',
    documents: {
      says: 'A process that ends is started again (autorestart); what the service has acknowledged is on disk.',
      where: `${where}/restart-strategies/`,
    },
  },
];
