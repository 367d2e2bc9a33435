import { defineConfig, restart } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({ target: target('reload'), workload, disruption: restart('chat') });
