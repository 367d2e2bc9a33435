import { crash, defineConfig } from 'outlast';
import config from './stored.config.js';

export default defineConfig({ ...config, disruption: crash('chat') });
