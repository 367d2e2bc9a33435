import { defineConfig, outage } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({ target, workload, disruption: outage('chat', { for: '3s' }) });
