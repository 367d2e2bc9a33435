// A small chat on better-sse: a channel for each room, and a history that a session is caught up from by its last event id.
import { createServer } from 'node:http';
import { createChannel, createSession } from 'better-sse';
import { jwtVerify } from 'jose';
import { History } from './history.js';

const history = new History(process.env.LOG);
const channels = new Map();
const streams = new Set();

function channelOf(room) {
  if (!channels.has(room)) channels.set(room, createChannel());
  return channels.get(room);
}

async function listen(request, response, room) {
  const session = await createSession(request, response);
  streams.add(response.once('close', () => streams.delete(response)));
  for (const post of history.after(room, session.lastId)) session.push(post, 'post', post.id);
  channelOf(room).register(session);
  // With the id of what it has by now: an id of its own would be one that the history does not know.
  session.push({ head: history.last(room) }, 'joined', history.last(room));
}

function say(room, user, { key, text }) {
  const known = history.known(user, key);
  if (known) return known;
  const post = history.keep({ room, user, key, text });
  channelOf(room).broadcast(post, 'post', { eventId: post.id });
  return post;
}

// Who is there, told again and again. Without an id of ours each of these events gets one of its own.
if (process.env.PRESENCE !== undefined) {
  setInterval(() => {
    for (const channel of channels.values()) channel.broadcast({ online: channel.sessionCount }, 'presence');
  }, 100);
}

const secret = new TextEncoder().encode(process.env.JWT_SECRET);
const userOf = (token) => jwtVerify(token, secret).then(({ payload }) => payload.sub);

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const reply = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (pathname === '/health') return reply(200, {});
  const user = await userOf(request.headers.authorization?.replace('Bearer ', '')).catch(() => null);
  if (user === null) return reply(401, { error: 'who are you?' });
  if (pathname === '/me') return reply(200, { user });
  const [, , name, what] = pathname.split('/');
  const room = decodeURIComponent(name);
  if (what === 'events') return listen(request, response, room);
  if (request.method === 'GET') {
    const after = Number(searchParams.get('after'));
    const posts = history.of(room).slice(after, after + 100);
    return reply(200, { posts, next: posts.length < 100 ? null : after + 100 });
  }
  let body = '';
  try {
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
  } catch {
    return; // whoever spoke is gone in the middle of it, and says it again
  }
  reply(201, { id: say(room, user, JSON.parse(body)).id });
});
server.listen(process.env.PORT ?? 8000, '127.0.0.1');

// Messages that are under way are answered, streams are ended, and nothing new is taken.
process.once('SIGTERM', () => {
  server.close(() => process.exit());
  for (const response of streams) response.end();
});
