import { anonymous, atLeastOnce, crash, defineConfig, launch, restart } from 'outlast';
import { socketIo } from 'outlast/socketio';

const { RESTART } = process.env;

// Server delivery, as the tutorial documents it: what is stored reaches everybody, also who was away.
export default defineConfig({
  target: {
    services: {
      chat: launch({
        command: 'node tutorial.js',
        cwd: import.meta.dirname,
        environment: { PORT: '{port:chat}', DATABASE: '{folder:data}/chat.db' },
        ready: 'http://127.0.0.1:{port:chat}/',
      }),
    },
    users: anonymous(),
    client: socketIo({
      url: 'http://127.0.0.1:{port:chat}',
      auth: (_, { rooms, after }) => ({ rooms, serverOffset: Number(after ?? 0) }),
      send: ({ id, room, text }) => ['chat message', room, text, id],
      receive: {
        'chat message': (room: string, text: string, id: number) => ({ room, text, position: id }),
      },
      resume: true,
      recovery: true,
    }),
  },
  // Live messages overtake what is replayed: the tutorial promises no order between the two.
  contract: atLeastOnce({ order: 'none' }),
  workload: { sessions: 20, roomSize: 5, messagesPerSecond: 60 },
  disruption: RESTART === 'crash' ? crash('chat') : restart('chat'),
});
