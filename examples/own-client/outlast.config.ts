import { type ClientSession, defineClient, defineConfig, env, jwt, launch, restart } from 'outlast';
import { Chirper } from './chirp.js';

const chirp = defineClient({
  name: 'chirp',
  url: 'ws://127.0.0.1:{port:chat}/',
  reconnects: 'itself',
  lacks: { instance: 'the SDK does not say which process answered' },
  connect(session) {
    const chirper = new Chirper(session.url, session.token);
    listen(chirper, session);
    void chirper.start();
    return {
      send: ({ id, room, text }) =>
        chirper.say(id, room, text).then(
          (position) => ({ answer: 'ack', position }),
          (error: Error) => ({ answer: 'unsure', reason: error.message }),
        ),
      close: () => chirper.stop(),
    };
  },
});

function listen(chirper: Chirper, { rooms, after, tell }: ClientSession): void {
  const entering = new Set<string>();
  chirper.on('connected', () => {
    tell.opened();
    for (const room of rooms) {
      const last = after(room);
      entering.add(room);
      tell.joining(room, { after: last });
      chirper.enter(room, last === null ? null : Number(last));
    }
  });
  chirper.on('entered', (room, head) => {
    tell.joined(room, { head });
    entering.delete(room);
    if (entering.size === 0) tell.ready();
  });
  chirper.on('post', ({ channel, body, from, number }) =>
    tell.received({ room: channel, text: body, from, position: number }),
  );
  chirper.on('failed', (reason, status) => tell.refused({ reason, status }));
  chirper.on('disconnected', (code, reason) => tell.closed({ code, reason }));
}

export default defineConfig({
  target: {
    services: {
      chat: launch({
        command: 'node server.js',
        environment: { PORT: '{port:chat}', LOG: '{folder:data}/chat.log' },
        ready: 'http://127.0.0.1:{port:chat}/health',
      }),
    },
    users: jwt({ secret: env('JWT_SECRET') }),
    client: chirp,
  },
  disruption: restart('chat'),
});
