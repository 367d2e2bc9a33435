// A small chat service. What it is told stands in chat.log, on disk, before it is acknowledged.
import { appendFileSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { jwtVerify } from 'jose';
import { WebSocketServer } from 'ws';

const members = new Map(); // user → { user, since }
const channels = new Map(); // channel → its posts, number 1 first
const said = new Map(); // user and ref → the post: what is said again is the same post
const readers = new Map(); // connection → the channels that it has entered
const postsOf = (channel) => channels.get(channel) ?? [];

// The last process left whole lines; a torn one at the end was never acknowledged.
const file = openSync(process.env.LOG ?? 'chat.log', 'a+');
const stored = readFileSync(file, 'utf8');
const whole = stored.slice(0, stored.lastIndexOf('\n') + 1);
ftruncateSync(file, Buffer.byteLength(whole));
for (const line of whole.split('\n').slice(0, -1)) remember(JSON.parse(line));

function remember(entry) {
  if (entry.channel === undefined) return members.set(entry.user, entry);
  channels.set(entry.channel, [...postsOf(entry.channel), entry]);
  said.set(`${entry.user} ${entry.ref}`, entry);
}

// What is told in one moment shares one write: first the disk, then the senders, then the readers.
let [unwritten, unanswered] = [[], []];

function note(entry) {
  remember(entry);
  unwritten.push(entry);
  return entry;
}

function say(socket, user, { ref, channel, body }) {
  const next = { channel, number: postsOf(channel).length + 1, user, ref, body };
  const post = said.get(`${user} ${ref}`) ?? note(next);
  unanswered.push([socket, { op: 'noted', ref, number: post.number }]);
  setImmediate(flush);
}

function flush() {
  const [entries, answers] = [unwritten, unanswered];
  [unwritten, unanswered] = [[], []];
  appendFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  if (entries.length > 0) fsyncSync(file);
  for (const [socket, answer] of answers) tell(socket, answer);
  for (const post of entries) {
    for (const [socket, entered] of readers) if (entered.has(post.channel)) hand(socket, post);
  }
}

const tell = (socket, frame) => socket.send(JSON.stringify(frame));
const hand = (socket, { channel, number, user, body }) =>
  tell(socket, { op: 'post', channel, number, from: user, body });

function enter(socket, { channel, since }) {
  flush(); // each post is either in the log by now, or handed out later
  const posts = postsOf(channel);
  tell(socket, { op: 'entered', channel, last: posts.length });
  for (const post of posts.slice(since ?? posts.length)) hand(socket, post);
  readers.get(socket).add(channel);
}

const secret = new TextEncoder().encode(process.env.JWT_SECRET);
const userOf = (token) => jwtVerify(token, secret).then(({ payload }) => payload.sub);

const http = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const reply = (status, body) => response.writeHead(status).end(JSON.stringify(body));
  if (pathname === '/health') return reply(200, {});
  const user = await userOf(request.headers.authorization?.replace('Bearer ', '')).catch(() => null);
  if (user === null) return reply(401, {});
  flush();
  if (pathname === '/me') return reply(200, members.get(user));
  const after = Number(searchParams.get('after'));
  const posts = postsOf(pathname.replace('/channels/', '')).slice(after, after + 100);
  reply(200, { posts, next: posts.length < 100 ? null : after + 100 });
});

const door = new WebSocketServer({ noServer: true });
http.on('upgrade', async (request, stream, head) => {
  const token = new URL(request.url, 'http://localhost').searchParams.get('access_token');
  const user = await userOf(token).catch(() => null);
  if (user === null) return stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
  if (!members.has(user)) note({ user, since: new Date().toISOString() });
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
http.listen(process.env.PORT ?? 8000, '127.0.0.1');

process.once('SIGTERM', () => {
  flush();
  http.close();
  for (const socket of readers.keys()) socket.close(1012, 'restarting');
});
