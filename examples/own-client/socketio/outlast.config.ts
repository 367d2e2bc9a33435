import { anonymous, atLeastOnce, crash, defineConfig, launch, restart } from 'outlast';
import { chatClient } from './chat-client.js';

const { RESTART } = process.env;

export default defineConfig({
  target: {
    services: {
      chat: launch({
        command: 'node tutorial.js',
        environment: { PORT: '{port:chat}', DATABASE: '{folder:data}/chat.db' },
        ready: 'http://127.0.0.1:{port:chat}/',
      }),
    },
    users: anonymous(),
    client: chatClient,
  },
  // A message that is sent again is known by its id. Who comes back may be sent one twice, and new ones before old ones.
  contract: atLeastOnce({ idempotent: true, order: 'none' }),
  workload: { sessions: 20, roomSize: 5, messagesPerSecond: 60 },
  disruption: RESTART === 'crash' ? crash('chat') : restart('chat'),
});
