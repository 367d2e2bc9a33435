import { defineConfig, pause } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({ target, workload, disruption: pause('chat', { for: '3s' }) });
