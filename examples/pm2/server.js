// A small chat that pm2 runs several of, at one port. They share a log: what stands in it, on disk, is said; where it stands is
// its number; and each of them, whoever wrote it, hands on what it reads there.
import { randomUUID } from 'node:crypto';
import { appendFileSync, fsyncSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { jwtVerify } from 'jose';
import { WebSocketServer } from 'ws';

const channels = new Map(); // channel → its posts, number 1 first
const said = new Map(); // user and ref → the post: what is said again is the same post
const readers = new Map(); // connection → the channels that it has entered
const unanswered = []; // who waits for the number of what was said
const postsOf = (channel) => channels.get(channel) ?? [];
const keyOf = ({ user, ref }) => `${user} ${ref}`;

const file = openSync(path.join(process.env.DATA, 'chat.log'), 'a+');
const buffer = Buffer.alloc(65_536);
let [at, rest] = [0, Buffer.alloc(0)];

/** Takes up what anybody has written since the last look. */
function follow() {
  for (let read; (read = readSync(file, buffer, 0, buffer.length, at)) > 0; at += read) {
    rest = Buffer.concat([rest, buffer.subarray(0, read)]);
    const end = rest.lastIndexOf('\n') + 1;
    const lines = rest.toString('utf8', 0, end).split('\n').slice(0, -1);
    rest = rest.subarray(end);
    for (const line of lines) take(JSON.parse(line));
  }
}

function take(entry) {
  if (said.has(keyOf(entry))) return; // said again, to another process, before that one had read the first
  const posts = postsOf(entry.channel);
  const post = { ...entry, number: posts.push(entry) };
  posts[posts.length - 1] = post;
  channels.set(post.channel, posts);
  said.set(keyOf(post), post);
  for (const [socket, entered] of readers) if (entered.has(post.channel)) hand(socket, post);
}

// What is told in one moment shares one write: to the end of the file in one piece, so that nobody else's comes in between.
let unwritten = [];

function say(socket, user, { ref, channel, body }) {
  const entry = { channel, user, ref, body };
  if (!said.has(keyOf(entry))) unwritten.push(entry);
  unanswered.push([socket, entry]);
  setImmediate(flush);
}

function flush() {
  const entries = unwritten;
  unwritten = [];
  if (entries.length > 0) {
    appendFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    fsyncSync(file);
  }
  follow();
  for (const [socket, entry] of unanswered.splice(0))
    tell(socket, { op: 'noted', ref: entry.ref, number: said.get(keyOf(entry)).number });
}

const tell = (socket, frame) => socket.send(JSON.stringify(frame));
const hand = (socket, { channel, number, user, body }) =>
  tell(socket, { op: 'post', channel, number, from: user, body });

function enter(socket, { channel, since }) {
  flush(); // each post is either known by now, or handed out later
  const posts = postsOf(channel);
  tell(socket, { op: 'entered', channel, last: posts.length });
  for (const post of posts.slice(since ?? posts.length)) hand(socket, post);
  readers.get(socket).add(channel);
}

const secret = new TextEncoder().encode(process.env.JWT_SECRET);
const userOf = (token) => jwtVerify(token, secret).then(({ payload }) => payload.sub);

// Any of them may be asked at the door, so each answers for all: by name, who began last in the place of each.
const boots = Array.from({ length: Number(process.env.PROCESSES) }, (_, place) =>
  path.join(process.env.DATA, `boot.${place}`),
);

let leaving = false;
const http = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  // A connection that is asked on again and again would keep us from ending.
  const last = leaving ? { connection: 'close' } : {};
  const reply = (status, body) => response.writeHead(status, last).end(JSON.stringify(body));
  if (pathname === '/health')
    return reply(200, { instance: boots.map((boot) => readFileSync(boot, 'utf8')).join(' ') });
  const user = await userOf(request.headers.authorization?.replace('Bearer ', '')).catch(() => null);
  if (user === null) return reply(401, {});
  if (pathname === '/me') return reply(200, { user });
  flush();
  const after = Number(searchParams.get('after'));
  const posts = postsOf(pathname.replace('/channels/', '')).slice(after, after + 100);
  reply(200, { posts, next: posts.length < 100 ? null : after + 100 });
});

const door = new WebSocketServer({ noServer: true });
http.on('upgrade', async (request, stream, head) => {
  const token = new URL(request.url, 'http://localhost').searchParams.get('access_token');
  const user = await userOf(token).catch(() => null);
  if (user === null) return stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
  if (leaving) return stream.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
  door.handleUpgrade(request, stream, head, (socket) => {
    readers.set(socket, new Set());
    socket.on('close', () => readers.delete(socket));
    socket.on('message', (data) => {
      const frame = JSON.parse(data);
      if (frame.op === 'say') say(socket, user, frame);
      if (frame.op === 'enter') enter(socket, frame);
    });
  });
});

follow();
const looking = setInterval(follow, 20);
http.listen(Number(process.env.PORT), '127.0.0.1', () => {
  writeFileSync(boots[Number(process.env.NODE_APP_INSTANCE)], randomUUID());
  process.send('ready'); // `wait_ready`: only now is another one told to leave
});

// How pm2 asks one to leave. The port is the others' meanwhile.
process.once('SIGINT', () => {
  leaving = true;
  flush();
  clearInterval(looking);
  http.close(() => process.exit(0));
  for (const socket of readers.keys()) socket.close(1012, 'restarting');
});
