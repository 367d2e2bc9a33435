// An MQTT broker for both sides of a comparison, over TCP or over WebSocket.
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { report, settings } from '../support/in-worker.js';

export interface Serving {
  readonly over: 'tcp' | 'ws';
}

const { over } = await settings<Serving>();
const broker = await Aedes.createBroker({
  authenticate: (_client, _user, password, done) => done(null, String(password).startsWith('token-of-')),
});
const server = over === 'tcp' ? overTcp() : overWebSocket();
server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 });
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('expected a port, got none');
report({ port: address.port });

function overTcp(): Server {
  return createServer({ noDelay: true }, (socket) => void broker.handle(socket));
}

function overWebSocket(): Server {
  const http = createHttpServer();
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket, request) => {
    broker.handle(createWebSocketStream(socket), request);
  });
  return http;
}
