import path from 'node:path';
import { command, defineConfig } from 'outlast';
import { kept, target, workload } from './target.js';

export default defineConfig({
  target: { ...target, services: { chat: kept } },
  workload,
  disruption: command([path.join(import.meta.dirname, 'deploy.sh'), '{folder:data}/keeper.pid'], {
    services: ['chat'],
    timeout: '30s',
  }),
});
