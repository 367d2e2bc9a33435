// A small chat over HTTP alone: what is said is posted, and what is new is asked for. What stands in chat.log, on disk, is
// acknowledged, and nothing else is.
import { randomUUID } from 'node:crypto';
import { appendFileSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { jwtVerify } from 'jose';

const rooms = new Map(); // room → its posts, number 1 first
const said = new Map(); // user and id → the post: what is said again is the same post
const waiting = new Set(); // questions that are held until there is something new
const postsOf = (room) => rooms.get(room) ?? [];

// The last process left whole lines; a torn one at the end was never acknowledged.
const file = openSync(process.env.LOG ?? 'chat.log', 'a+');
const stored = readFileSync(file, 'utf8');
const whole = stored.slice(0, stored.lastIndexOf('\n') + 1);
ftruncateSync(file, Buffer.byteLength(whole));
for (const line of whole.split('\n').slice(0, -1)) remember(JSON.parse(line));

function remember(post) {
  rooms.set(post.room, [...postsOf(post.room), post]);
  said.set(`${post.user} ${post.id}`, post);
}

function say(room, user, { id, text }) {
  const known = said.get(`${user} ${id}`);
  if (known) return known;
  const post = { room, number: postsOf(room).length + 1, user, id, text };
  appendFileSync(file, `${JSON.stringify(post)}\n`);
  fsyncSync(file);
  remember(post);
  for (const look of waiting) look();
  return post;
}

/** At most a hundred posts; held for so many seconds while there are none. */
function tell(room, after, seconds, reply) {
  const look = () => {
    const posts = postsOf(room).slice(after, after + 100);
    if (posts.length === 0 && seconds > 0 && !leaving) return;
    waiting.delete(look);
    clearTimeout(timer);
    reply(200, { posts, next: posts.length < 100 ? null : after + 100 });
  };
  const timer = setTimeout(() => {
    seconds = 0;
    look();
  }, seconds * 1_000);
  waiting.add(look);
  look();
}

const secret = new TextEncoder().encode(process.env.JWT_SECRET);
const userOf = (token) => jwtVerify(token, secret).then(({ payload }) => payload.sub);

const instance = randomUUID(); // another one after each restart

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const reply = (status, body) => {
    // A connection that is kept would bring the next question, and hold up the end.
    const last = leaving ? { connection: 'close' } : {};
    response.writeHead(status, { 'content-type': 'application/json', ...last }).end(JSON.stringify(body));
  };
  if (pathname === '/health') return reply(200, { instance });
  const user = await userOf(request.headers.authorization?.replace('Bearer ', '')).catch(() => null);
  if (user === null) return reply(401, { error: 'who are you?' });
  if (pathname === '/me') return reply(200, { user });
  const room = decodeURIComponent(pathname.replace('/rooms/', ''));
  if (request.method === 'GET') {
    return tell(room, Number(searchParams.get('after')), Number(searchParams.get('wait')), reply);
  }
  let body = '';
  try {
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
  } catch {
    return; // whoever spoke is gone in the middle of it, and says it again
  }
  reply(201, { number: say(room, user, JSON.parse(body)).number });
});
server.listen(process.env.PORT ?? 8000, '127.0.0.1');

// What is held is answered, what has begun is finished, and nothing new is taken.
let leaving = false;
process.once('SIGTERM', () => {
  leaving = true;
  server.close();
  for (const look of waiting) look();
});
