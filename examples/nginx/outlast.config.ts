import { twoBackends } from '../two-backends.js';

export default twoBackends(
  {
    command: ['nginx', '-p', '{folder:balancer}', '-e', 'stderr', '-c', '{file:nginx.conf}'],
    cwd: import.meta.dirname,
    files: { 'nginx.conf': './nginx.conf' },
    ready: 'http://127.0.0.1:{port:balancer}/ready',
  },
  // nginx learns from a refused connection, so the door is closed at once; and it looks again after a second at the earliest.
  { lameDuckMs: 0, pause: '2s' },
);
