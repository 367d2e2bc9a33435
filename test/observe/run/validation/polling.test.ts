import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as wholeText } from 'node:stream/consumers';
import { describe, it } from 'vitest';
import { defineClient, poll } from '../../../../src/config/face.js';
import type { ClientSession, PolledAnswer } from '../../../../src/observe/client/index.js';
import { validated } from './validated.js';

interface Post {
  readonly number: number;
  readonly text: string;
}

/** A chat over HTTP that keeps what it is told over its restarts, also what it is told twice. */
function chat() {
  const posts: Post[] = [];
  const answer = async (asked: IncomingMessage): Promise<unknown> => {
    const after = Number(new URL(asked.url ?? '', 'http://here').searchParams.get('after'));
    if (asked.method === 'GET') return posts.filter(({ number }) => number > after);
    const { text } = JSON.parse(await wholeText(asked)) as Post;
    return { number: posts.push({ number: posts.length + 1, text }) };
  };
  return async (port: number) => {
    const server = createServer((asked, response) => {
      void answer(asked).then((body) => response.end(JSON.stringify(body)));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const stop = async () => {
      server.close().closeAllConnections();
      if (server.listening) await once(server, 'close');
    };
    return { port: (server.address() as AddressInfo).port, stop };
  };
}

const polling = (port: number) =>
  poll({
    url: `http://127.0.0.1:${port}/rooms/{room}`,
    send: ({ room, text }) => ({ path: `/rooms/${room}`, body: { text } }),
    acknowledge: ({ body }) => ({ position: (body as Post).number }),
    receive: ({ body, room }: PolledAnswer<Post[]>) =>
      body.map(({ number, text }) => ({ room: room ?? '', text, position: number })),
    ...{ interval: 20, answerWithin: 2_000 },
  });

/** One request by a connection of its own, which ends with it. */
function requested(url: string, signal: AbortSignal, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const asked = request(url, { method, agent: false, signal, timeout: 2_000 }, (response) => {
      wholeText(response)
        .then((text) => resolve(JSON.parse(text)))
        .catch(reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** An SDK that asks again and again, and takes a question without an answer for nothing worth telling. */
function asking({ url, rooms: [room = ''], after, tell }: ClientSession) {
  let last = Number(after(room) ?? 0);
  const over = new AbortController();
  const ask = async () => {
    const posts = (await requested(`${url}?after=${last}`, over.signal)) as Post[];
    if (!isReady) tell.ready();
    isReady = true;
    for (const { number, text } of posts) tell.received({ room, text, position: number });
    last = Math.max(last, ...posts.map(({ number }) => number));
  };
  let isReady = false;
  const asks = (async () => {
    while (!over.signal.aborted) {
      await ask().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const say = async (text: string) => {
    const { number } = (await requested(url, over.signal, { text })) as Post;
    return { answer: 'ack', position: number } as const;
  };
  return {
    send: ({ text }: { readonly text: string }) =>
      say(text).catch(() => ({ answer: 'unsure', reason: 'no answer' }) as const),
    close: () => {
      over.abort();
      return asks;
    },
  };
}

describe.concurrent('an exercise of a client that holds no connection', () => {
  it('cuts and restarts the built-in one too: its conversation is lost and begun again', async ({
    expect,
  }) => {
    const { broken, kept, notExercised } = await validated({
      ...{ serve: chat(), client: polling, builtIn: true },
    });
    expect(broken).toEqual([]);
    expect(kept).toEqual(expect.arrayContaining(['tells-loss', 'comes-back', 'keeps-apart']));
    const once =
      'a built-in client answers a message by what its `send` resolves to, once. Nothing is to be done';
    expect(notExercised).toEqual({
      'hands-over': 'it is for a client of your own. Nothing is to be done',
      'acknowledges-what-was-sent': once,
      'acknowledges-once': once,
    });
  });

  it('asks for no loss of one that says why it has none to tell', async ({ expect }) => {
    const lacks = {
      ...{ connection: 'it asks again and again', instance: 'it shows none' },
      ...{ resume: 'it only reads on' },
    };
    const { broken, said, notExercised } = await validated({
      serve: chat(),
      client: (port) =>
        defineClient({
          ...{ name: 'asking', url: `http://127.0.0.1:${port}/rooms/all`, reconnects: 'itself', lacks },
          connect: asking,
        }),
    });
    expect(broken, JSON.stringify(said)).toEqual([]);
    expect(notExercised).toMatchObject({
      'tells-loss': 'it asks again and again. Nothing is to be done',
      'comes-back': 'it asks again and again. Nothing is to be done',
    });
  });
});
