import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createParser } from 'eventsource-parser';
import { reconnecting, sseConnector } from '../../build/observe/client/index.js';
import { means } from '../support/crowd.js';
import type { Bare, Contender, Place } from './contender.js';
import { placeOf, post } from './posting.js';

interface Said {
  readonly room: string;
  readonly text: string;
}

/** A stream of events for each session, and a request for each message. */
export const sse: Contender = {
  library: 'http + eventsource-parser',
  server: { worker: 'http-server' },
  address: (port) => `http://127.0.0.1:${port}/events?room={room}`,
  ours: (url) => reconnecting(sseConnector({ url, ...protocol }, means)),
  bare,
};

const protocol = {
  send: ({ id, room, text }: { id: string; room: string; text: string }) => ({
    path: `/rooms/${encodeURIComponent(room)}`,
    body: { id, text },
  }),
  acknowledge: ({ body }: { body: unknown }) => ({ position: (body as { number: number }).number }),
  receive: ({ id, data }: { id: string | null; data: unknown }) => {
    const { room, text } = data as Said;
    return { room, text, ...(id === null ? {} : { position: id }) };
  },
  resume: true,
};

async function bare(url: string, { room, token, heard }: Place): Promise<Bare> {
  const address = new URL(url.replace('{room}', encodeURIComponent(room)));
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'text/event-stream',
    'cache-control': 'no-cache',
  };
  // A stream keeps its socket for itself.
  const asked = request(address, { agent: false, headers });
  asked.once('socket', (socket) => socket.setNoDelay(true));
  const [response] = (await once(asked.end(), 'response')) as [IncomingMessage];
  const parser = createParser({ onEvent: ({ data }) => heard((JSON.parse(data) as Said).text) });
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => parser.feed(chunk));
  const place = placeOf(url, room);
  return { say: (id, text, acknowledged) => post(place, token, { id, text }, acknowledged) };
}
