// A Socket.IO server for both sides of a comparison, with rooms of one: a message is acknowledged and delivered to who said it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { report } from '../support/in-worker.js';

type Answer = (answer: object) => void;

const server = createServer();
const io = new Server(server);
io.use(({ handshake }, next) => {
  const { token } = handshake.auth as { readonly token?: string };
  next(token?.startsWith('token-of-') ? undefined : new Error('unauthorized'));
});
io.on('connection', greet);
server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 });
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('expected a port, got none');
report({ port: address.port });

function greet(socket: Socket): void {
  const { user } = socket.handshake.auth as { readonly user: string };
  let number = 0;
  socket.on('join', (room: string, _after: number | null, answer: Answer) => {
    void socket.join(room);
    answer({ head: number });
  });
  socket.on('say', (_id: string, room: string, text: string, answer: Answer) => {
    io.to(room).emit('said', room, text, user, ++number);
    answer({ number });
  });
}
