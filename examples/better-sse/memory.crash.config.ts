import { crash, defineConfig } from 'outlast';
import config from './memory.config.js';

export default defineConfig({ ...config, disruption: crash('chat') });
