import { defineConfig, type PollInput } from 'outlast';
import config from './outlast.config.js';

/** The same, and a question is held until there is something new. */
const { interval: _, ...client } = config.target.client as PollInput;

export default defineConfig({
  ...config,
  target: {
    ...config.target,
    client: { ...client, longPoll: { query: 'wait', value: 10, atMost: '10s' } },
  },
});
