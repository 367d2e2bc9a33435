import { request } from 'node:http';
import { pollConnector, reconnecting } from '../../build/observe/client/index.js';
import { means } from '../support/crowd.js';
import type { Bare, Contender, Place } from './contender.js';
import { agent, placeOf, post } from './posting.js';

interface Said {
  readonly number: number;
  readonly text: string;
}

/** Questions that the server holds until something is new, one after the other, and a request for each message. */
export const poll: Contender = {
  library: 'http',
  server: { worker: 'http-server' },
  address: (port) => `http://127.0.0.1:${port}/messages?room={room}`,
  ours: (url) => reconnecting(pollConnector({ url, ...protocol }, means)),
  bare,
};

const heldSeconds = 30;

const protocol = {
  send: ({ id, room, text }: { id: string; room: string; text: string }) => ({
    path: `/rooms/${encodeURIComponent(room)}`,
    body: { id, text },
  }),
  acknowledge: ({ body }: { body: unknown }) => ({ position: (body as { number: number }).number }),
  receive: ({ body, room }: { body: unknown; room: string | null }) =>
    (body as readonly Said[]).map(({ number, text }) => ({ room: room ?? '', text, position: number })),
  longPoll: { query: 'wait', value: heldSeconds, atMostMs: heldSeconds * 1_000 },
};

async function bare(url: string, { room, token, heard }: Place): Promise<Bare> {
  const address = new URL(url.replace('{room}', encodeURIComponent(room)));
  const headers = { authorization: `Bearer ${token}` };
  const read = async () => {
    for (const { number, text } of await ask(address, headers)) {
      address.searchParams.set('after', String(number));
      heard(text);
    }
  };
  await read();
  address.searchParams.set('wait', String(heldSeconds));
  void (async () => {
    for (;;) await read();
  })();
  const place = placeOf(url, room);
  return { say: (id, text, acknowledged) => post(place, token, { id, text }, acknowledged) };
}

function ask(url: URL, headers: Record<string, string>): Promise<readonly Said[]> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers }, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (answer += chunk));
      response.once('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(answer) as readonly Said[]);
        else reject(new Error(`expected an answer, got ${response.statusCode}: ${answer}`));
      });
    });
    asked.once('error', reject).end();
  });
}
