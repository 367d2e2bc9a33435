// Serves both sides of `sse` and `poll`, with rooms of one: a message is acknowledged to who posted it, and delivered on the
// room's stream of events or by the next answer to its question for what is new.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { report } from '../support/in-worker.js';

interface Said {
  readonly room: string;
  readonly text: string;
  readonly number: number;
}

class Room {
  number = 0;
  /** What was said and nobody has asked for yet. */
  news: Said[] = [];
  stream: ServerResponse | null = null;
  held: ServerResponse | null = null;
}

const rooms = new Map<string, Room>();

const server = createServer((request, response) => void serve(request, response));
// A kept connection that ends while it is used again would be an error of the measurement's own.
server.keepAliveTimeout = 60_000;
server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 });
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('expected a port, got none');
report({ port: address.port });

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://here');
  if (!request.headers.authorization?.startsWith('Bearer token-of-')) response.writeHead(401).end();
  else if (pathname === '/events') listen(roomNamed(searchParams.get('room')), response);
  else if (pathname === '/messages') ask(roomNamed(searchParams.get('room')), searchParams, response);
  else await say(decodeURIComponent(pathname.slice('/rooms/'.length)), request, response);
}

function roomNamed(name: string | null): Room {
  const room = rooms.get(name ?? '') ?? new Room();
  rooms.set(name ?? '', room);
  return room;
}

function listen(room: Room, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  room.stream = response;
  room.news = [];
}

function ask(room: Room, query: URLSearchParams, response: ServerResponse): void {
  // The first question of a session: what was said before is nothing to it.
  if (!query.has('wait')) room.news = [];
  room.news = room.news.filter(({ number }) => number > Number(query.get('after') ?? 0));
  if (room.news.length > 0 || !query.has('wait')) return answer(response, 200, room.news);
  room.held = response;
  // What is held for ever is lost with the connection: a held question has an end.
  const late = setTimeout(
    () => response.writableEnded || release(room, response),
    Number(query.get('wait')) * 1_000,
  );
  response.once('close', () => clearTimeout(late));
}

function release(room: Room, response: ServerResponse): void {
  if (room.held === response) room.held = null;
  answer(response, 200, room.news);
}

async function say(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) body += chunk;
  const { text } = JSON.parse(body) as { readonly id: string; readonly text: string };
  const room = roomNamed(name);
  const said = { room: name, text, number: ++room.number };
  answer(response, 201, { number: said.number });
  if (room.stream) room.stream.write(`event: chat\nid: ${said.number}\ndata: ${JSON.stringify(said)}\n\n`);
  else room.news.push(said);
  if (room.held) release(room, room.held);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}
