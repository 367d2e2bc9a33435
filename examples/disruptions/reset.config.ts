import { defineConfig, network } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({ target, workload, disruption: network({ type: 'reset_peer', for: '500ms' }) });
