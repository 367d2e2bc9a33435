import { attach, defineConfig, watch } from 'outlast';
import { target, workload } from '../disruptions/target.js';

// Somebody else has started the service, and is going to deploy it: Outlast holds sessions on it, and looks.
export default defineConfig({
  target: {
    ...target,
    services: { chat: attach({ ready: 'http://127.0.0.1:18431/health' }) },
    client: { ...target.client, url: 'ws://127.0.0.1:18431/' },
  },
  workload,
  disruption: watch({ for: '5m' }),
});
