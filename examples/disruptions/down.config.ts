import { defineConfig, network } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({ target, workload, disruption: network({ type: 'down', for: '2s' }) });
