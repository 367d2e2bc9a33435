import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { ChatServer, type Frame, refuse } from '../../observe/client/chat-server.js';
import type { Mischief, Served } from './harness.js';

/** A real server of the mission's own protocol, for `Harness.serve`. */
export async function serve(port: number, mischief: Mischief): Promise<Served> {
  const sockets = new Map<string, WebSocket>();
  const served = new Set<string>();
  const isFirst = (user: string) => !served.has(user) && served.add(user) !== undefined;
  const server = await ChatServer.start(
    {
      upgrade: (request, socket) => tokenOf(request) === mischief.refuse && refuse(socket, 401),
      connected: (socket, request) => {
        const user = tokenOf(request).split('-')[0] ?? '';
        sockets.set(user, socket);
        if (isFirst(user)) socket.once('message', () => setImmediate(() => spoil(socket, request, mischief)));
        return false;
      },
      frame: (socket, frame) => {
        if (frame.type !== 'chat_message') return false;
        if (mischief.repeat) sayTwice(server, socket, frame);
        return mischief.mute === true || mischief.repeat === true;
      },
    },
    port,
  );
  return {
    port: server.port,
    get taken() {
      return server.frames.filter(({ type }) => type === 'chat_message').length;
    },
    drop: (user) => sockets.get(user)?.close(1012, 'restart'),
    stop: () => server[Symbol.asyncDispose](),
  };
}

const tokenOf = ({ url = '' }: IncomingMessage) => new URL(url, 'ws://here').searchParams.get('token') ?? '';

/** Once the session is in. */
function spoil(socket: WebSocket, request: IncomingMessage, { garbage, flood }: Mischief): void {
  if (flood) socket.send(JSON.stringify({ type: 'chat_message', message: 'x'.repeat(4 * 1024 * 1024) }));
  if (!garbage) return;
  for (const said of ['', '{"type":', 'null', '[]', '42', '"ack"', '{"type":"ack","id":{}}'])
    socket.send(said);
  socket.send(Buffer.from([0, 255, 1]));
  request.socket.write(Buffer.from([0xff, 0xff, 0xff]));
}

function sayTwice({ clients }: ChatServer, socket: WebSocket, { id, thread_id, message }: Frame): void {
  socket.send(JSON.stringify({ type: 'ack', id, number: 1 }));
  const said = JSON.stringify({ type: 'chat_message', id, thread_id, message, from: 'ada', number: 1 });
  for (const client of clients) for (const _ of [1, 2]) client.send(said);
}
