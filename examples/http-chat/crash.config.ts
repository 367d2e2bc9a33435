import { crash, defineConfig } from 'outlast';
import config from './outlast.config.js';

export default defineConfig({ ...config, disruption: crash('chat') });
