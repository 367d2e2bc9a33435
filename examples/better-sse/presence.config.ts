import { defineConfig } from 'outlast';
import stored, { targetWith } from './stored.config.js';

/** The history is stored, and events that are not in it have ids of their own. */
export default defineConfig({
  ...stored,
  target: targetWith({ LOG: '{folder:data}/chat.log', PRESENCE: '1' }),
});
