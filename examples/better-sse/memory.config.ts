import { defineConfig } from 'outlast';
import stored, { targetWith } from './stored.config.js';

/** Ids and events live in the process. */
export default defineConfig({ ...stored, target: targetWith({}) });
