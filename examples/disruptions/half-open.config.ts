import { defineConfig, network } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({ target, workload, disruption: network({ type: 'half_open', for: '2s' }) });
