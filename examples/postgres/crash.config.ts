import { defineConfig, dependency, exactlyOnce } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({
  target,
  contract: exactlyOnce({ order: 'room', echo: true }),
  workload,
  disruption: dependency('database', { crash: true }),
});
