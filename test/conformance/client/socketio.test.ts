import * as library from 'socket.io-client';
import type { Socket } from 'socket.io';
import { socketIo } from '../../../src/observe/client/index.js';
import { type Misbehaviour, SocketIoChat } from '../../observe/client/socketio/chat-server.js';
import { chat } from '../../observe/client/socketio/opened.js';
import { conforms } from './conforms.js';
import type { Harness, Mischief, Served } from './harness.js';

for (const transport of ['websocket', 'polling'] as const) {
  conforms(`socket.io (${transport})`, {
    serve,
    pipelines: true,
    kind: (port, means) =>
      socketIo({ url: `http://127.0.0.1:${port}`, ...chat, transports: [transport] }, means, library),
  } satisfies Harness);
}

async function serve(port: number, mischief: Mischief): Promise<Served> {
  const sockets = new Map<string, Socket>();
  const server = await SocketIoChat.start(misbehaving(mischief, sockets), port);
  return {
    port: server.port,
    get taken() {
      return server.taken.length;
    },
    drop: (user) => sockets.get(user)?.disconnect(true),
    stop: () => server[Symbol.asyncDispose](),
  };
}

function misbehaving(mischief: Mischief, sockets: Map<string, Socket>): Misbehaviour {
  return {
    refuse: ({ handshake }) =>
      handshake.auth['token'] === mischief.refuse ? new Error('unauthorized') : undefined,
    connected: (socket) => {
      const { user } = socket.handshake.auth as { user: string };
      const isFirst = !sockets.has(user);
      sockets.set(user, socket);
      if (isFirst) socket.once('join', () => setImmediate(() => spoil(socket, mischief)));
    },
    said: (socket, { room, text }, answer) => {
      if (mischief.mute) return true;
      if (!mischief.repeat) return false;
      for (const _ of [1, 2]) socket.nsp.to(room).emit('said', room, text, 'ada', 1);
      answer({ number: 1 });
      return true;
    },
  };
}

/** Events that nobody asked for; then what is no packet of Socket.IO at all. */
function spoil(socket: Socket, { garbage, flood }: Mischief): void {
  if (flood) socket.emit('said', 'lobby', 'x'.repeat(4 * 1024 * 1024), 'ada', 1);
  if (!garbage) return;
  socket.emit('said');
  socket.emit('nonsense', { deep: [null] }, Buffer.from([0, 255]));
  socket.conn.write('9 is no packet');
}
