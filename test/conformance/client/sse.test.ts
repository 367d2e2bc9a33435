import type { IncomingMessage, ServerResponse } from 'node:http';
import { reconnecting, sseConnector } from '../../../src/observe/client/index.js';
import { EventServer, eventOf, openStream } from '../../observe/client/sse/event-server.js';
import { protocol } from '../../observe/client/sse/opened.js';
import { conforms } from './conforms.js';
import type { Harness, Mischief, Served } from './harness.js';

const backoff = { firstMs: 5, maxMs: 20, factor: 2 };

for (const [how, resume] of [
  ['with replay', true],
  ['without replay', false],
] as const) {
  conforms(`sse (${how})`, {
    serve,
    kind: (port, means) => {
      const options = { ...protocol, url: `http://127.0.0.1:${port}/events`, resume, positions: true };
      return reconnecting(sseConnector(options, means), { backoff });
    },
  } satisfies Harness);
}

/** A real server of the small protocol: it replays what comes after the last event id. */
async function serve(port: number, mischief: Mischief): Promise<Served> {
  const said: string[] = [];
  const streams = new Map<string, ServerResponse>();
  const served = new Set<string>();
  const listen = (response: ServerResponse, request: IncomingMessage) => {
    const [user, isIn] = [userOf(request), tokenOf(request) !== mischief.refuse];
    if (!isIn) return response.writeHead(401).end('no');
    openStream(response);
    streams.set(user, response);
    const last = request.headers['last-event-id'];
    if (last !== undefined) for (const event of said.slice(Number(last))) response.write(event);
    if (!served.has(user)) setImmediate(() => spoil(response, mischief));
    return served.add(user);
  };
  const server = await EventServer.start(
    {
      stream: listen,
      post: (response, request, number) => {
        if (tokenOf(request) === mischief.refuse) return response.writeHead(401).end('no');
        if (mischief.mute) return false;
        const event = eventFrom(server, number);
        said.push(event);
        for (const _ of mischief.repeat ? [1, 2] : [1]) for (const one of streams.values()) one.write(event);
        return true;
      },
    },
    port,
  );
  return {
    port: server.port,
    get taken() {
      return server.posts.length;
    },
    drop: (user) => streams.get(user)?.end(),
    stop: () => server[Symbol.asyncDispose](),
  };
}

const tokenOf = ({ headers }: IncomingMessage) => (headers.authorization ?? '').replace('Bearer ', '');
const userOf = (request: IncomingMessage) => tokenOf(request).split('-')[0] ?? '';

/** The nth message as the members hear it. */
function eventFrom({ posts }: EventServer, number: number): string {
  const { path, body } = posts[number - 1] ?? { path: '', body: '{}' };
  const { text } = JSON.parse(body) as { text: string };
  return eventOf({ room: path.replace('/rooms/', ''), text }, { event: 'chat', id: String(number) });
}

/** Fields that mean nothing, events that are none; then what is no chunk of HTTP at all. */
function spoil(response: ServerResponse, { garbage, flood }: Mischief): void {
  const long = 'x'.repeat(4 * 1024 * 1024);
  if (flood) response.write(eventOf({ room: 'lobby', text: long }, { event: 'chat' }));
  if (!garbage) return;
  response.write('nonsense\nretry: soon\nid: a\0b\n: comment\n\n');
  for (const data of ['', '{"room":', 'null', '[]', '42', '{"room":{}}']) {
    response.write(eventOf(data, { event: 'chat' }));
  }
  response.write(Buffer.from([0, 255, 1, 10, 10]));
  response.socket?.write(Buffer.from([0xff, 0xff, 0xff]));
}
