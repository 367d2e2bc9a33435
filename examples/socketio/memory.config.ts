import { anonymous, atLeastOnce, atMostOnce, crash, defineConfig, launch, restart } from 'outlast';
import { socketIo } from 'outlast/socketio';

const { RESTART, PROMISE } = process.env;

// What Socket.IO documents of itself, unless PROMISE asks for more: at most once, in the order in which it was sent.
export default defineConfig({
  target: {
    services: {
      chat: launch({
        command: 'node memory.js',
        cwd: import.meta.dirname,
        environment: { PORT: '{port:chat}' },
        ready: 'http://127.0.0.1:{port:chat}/',
      }),
    },
    users: anonymous(),
    client: socketIo({
      url: 'http://127.0.0.1:{port:chat}',
      auth: (_, { rooms }) => ({ rooms }),
      send: ({ room, text }) => ['chat message', room, text],
      receive: { 'chat message': (room: string, text: string) => ({ room, text }) },
      recovery: true,
    }),
  },
  contract: PROMISE === 'at-least-once' ? atLeastOnce() : atMostOnce(),
  workload: { sessions: 20, roomSize: 5, messagesPerSecond: 60 },
  disruption: RESTART === 'crash' ? crash('chat') : restart('chat'),
});
