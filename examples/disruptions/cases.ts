import type { Case } from '../case.js';

const said = {
  says: 'what is acknowledged is on disk; whoever comes back gets what was missed',
  where: 'examples/own-service/server.js',
} as const;

const of = (config: string, name: string, restart: string): Case => ({
  ...{ name, restart, config: `${config}.config.ts`, needs: [], documents: said },
  server: { name: 'the service of examples/own-service', version: ['node', '--version'] },
  mode: 'log in a file',
  expected: { outcome: 'pass', fails: [] },
});

export const cases: readonly Case[] = [
  of('pause', 'paused', 'SIGSTOP, 3 s, SIGCONT'),
  of('outage', 'down for a while', 'SIGTERM, 3 s, started again'),
  of('sequence', 'three in order', 'a restart, a pause of 1 s, a restart'),
  of('deploy', 'by a deploy command', './deploy.sh, which tells a supervisor'),
  of('reset', 'connections reset', 'reset_peer for 500 ms'),
  of('latency', 'a slow network', 'latency 200 ± 50 ms for 2 s'),
  of('timeout', 'a network that swallows everything', 'timeout for 2 s'),
  of('down', 'an address that lets nobody in', 'down for 2 s'),
  of('half-open', 'half-open connections', 'half_open for 2 s'),
];
