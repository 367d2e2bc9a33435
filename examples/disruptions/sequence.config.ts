import { defineConfig, pause, restart, sequence } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({
  target,
  workload,
  disruption: sequence([restart('chat'), pause('chat', { for: '1s' }), restart('chat')], { pause: '500ms' }),
});
