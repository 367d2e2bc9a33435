import { twoBackends } from '../two-backends.js';

export default twoBackends(
  {
    command: ['haproxy', '-db', '-f', '{file:haproxy.cfg}'],
    cwd: import.meta.dirname,
    files: { 'haproxy.cfg': './haproxy.cfg' },
    ready: 'http://127.0.0.1:{port:balancer}/ready',
  },
  // Two looks of the balancer's.
  { lameDuckMs: 500, pause: '500ms' },
);
