import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pollConnector, reconnecting } from '../../../src/observe/client/index.js';
import { chatOf, protocol } from '../../observe/client/poll/opened.js';
import { conforms } from './conforms.js';
import type { Harness, Mischief, Served } from './harness.js';

const backoff = { firstMs: 5, maxMs: 20, factor: 2 };
const held = { longPoll: { query: 'wait', value: 30, atMostMs: 30_000 }, intervalMs: 0 };

for (const [how, more] of [
  ['every 5 ms', {}],
  ['held questions', held],
] as const) {
  conforms(`poll (${how})`, {
    serve,
    kind: (port, means) => {
      const options = { ...protocol, url: `http://127.0.0.1:${port}/events`, ...more };
      return reconnecting(pollConnector(options, means), { backoff });
    },
  } satisfies Harness);
}

/** A real server of the small protocol: it holds a question that asks for it until something was said. */
async function serve(port: number, mischief: Mischief): Promise<Served> {
  const said: { number: number; text: string }[] = [];
  const news = new EventEmitter();
  const dropped = new Set<string>();
  const spoiler = new Spoiler(mischief);
  const isRefused = (request: IncomingMessage) => tokenOf(request) === mischief.refuse;
  const server = await chatOf(
    said,
    async (response, request) => {
      if (isRefused(request)) return response.writeHead(401).end('no');
      const user = userOf(request);
      if (spoiler.answer(user, response)) return false;
      const { searchParams } = new URL(request.url ?? '', 'http://here');
      const isNew = () => (said.at(-1)?.number ?? 0) > Number(searchParams.get('after'));
      while (searchParams.has('wait') && !isNew() && !dropped.has(user)) await once(news, 'changed');
      if (response.destroyed) return false;
      // No connection is held: what ends a conversation is an answer that is none.
      return dropped.delete(user) ? response.writeHead(503).end('restart') : true;
    },
    {
      post: async (response, request, number) => {
        if (isRefused(request)) return response.writeHead(401).end('no');
        await spoiler.isDone(userOf(request));
        if (mischief.mute) return false;
        const { text } = JSON.parse(server.posts[number - 1]?.body ?? '') as { text: string };
        for (const _ of mischief.repeat ? [1, 2] : [1]) said.push({ number, text });
        return news.emit('changed') || true;
      },
    },
    port,
  );
  return {
    port: server.port,
    get taken() {
      return server.posts.length;
    },
    drop: (user) => dropped.add(user) && news.emit('changed'),
    stop: () => server[Symbol.asyncDispose](),
  };
}

const tokenOf = ({ headers }: IncomingMessage) => (headers.authorization ?? '').replace('Bearer ', '');
const userOf = (request: IncomingMessage) => tokenOf(request).split('-')[0] ?? '';

/** Answers the questions after each user's first one, which lets it in, with what is not of the protocol. */
class Spoiler {
  readonly #left = new Map<string, string[]>();
  readonly #spoilt = new EventEmitter();
  readonly #answers: readonly string[];

  constructor({ garbage, flood }: Mischief) {
    const nonsense = ['', '[{"number":', 'null', '{}', '42', '[null]', '[{"text":{}}]', noHttp];
    const long = JSON.stringify([{ number: 0, text: 'x'.repeat(4 * 1024 * 1024) }]);
    this.#answers = [...(flood ? [long] : []), ...(garbage ? nonsense : [])];
  }

  /** False: nothing is left to be answered with. */
  answer(user: string, response: ServerResponse): boolean {
    const left = this.#left.get(user);
    if (!left) this.#left.set(user, [...this.#answers]);
    const answer = left?.shift();
    if (answer === undefined) return false;
    if (answer === noHttp) response.socket?.end(answer);
    else response.end(answer);
    this.#spoilt.emit('answer');
    return true;
  }

  /** Resolves when this user was answered with all of it. */
  async isDone(user: string): Promise<void> {
    while (this.#left.get(user)?.length) await once(this.#spoilt, 'answer');
  }
}

const noHttp = '\u00ff\u00ff\u00ff is no HTTP';
