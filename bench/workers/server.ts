// A WebSocket server for both sides of a comparison. `/echo` sends every frame back as it came; `/chat` speaks the mission's
// protocol with rooms of one: a message is acknowledged and delivered to who said it.
import { once } from 'node:events';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { report } from '../support/in-worker.js';

interface Frame {
  readonly type: string;
  readonly id: string;
  readonly thread_id: string;
  readonly message: string;
}

// Whole crowds knock at once: the system's own length of the queue would turn some away.
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, backlog: 4_096 });
server.on('connection', (socket, request) => {
  if (request.url?.startsWith('/echo')) socket.on('message', (data) => socket.send(data, { binary: false }));
  else chat(socket);
});
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('expected a port, got none');
report({ port: address.port });

function chat(socket: WebSocket): void {
  let number = 0;
  socket.on('message', (data: RawData) => {
    const { type, id, thread_id, message } = JSON.parse(String(data)) as Frame;
    if (type === 'join') return socket.send(JSON.stringify({ type: 'joined', thread_id, head: number }));
    number++;
    socket.send(JSON.stringify({ type: 'ack', id, thread_id, number }));
    socket.send(JSON.stringify({ type: 'chat_message', id, thread_id, message, from: 'ada', number }));
  });
}
