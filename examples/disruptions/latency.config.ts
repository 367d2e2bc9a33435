import { defineConfig, network } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({
  target,
  workload,
  disruption: network({ type: 'latency', attributes: { latency: 200, jitter: 50 }, for: '2s' }),
});
