import { crash, defineConfig } from 'outlast';
import { target, workload } from './target.js';

export default defineConfig({ target: target('reload'), workload, disruption: crash('chat') });
