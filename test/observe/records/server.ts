import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What a handler answers: a body, or a status and a body. */
export type Answering = (asked: Asked) => unknown;

export class Status {
  constructor(
    readonly status: number,
    readonly body: unknown = '',
  ) {}
}

/** A real HTTP server for one test: a text is answered as it is, anything else as JSON. Keeps what it was asked. */
export async function serve(
  answer: Answering,
): Promise<{ readonly origin: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? '', 'http://x');
    const one: Asked = {
      ...{ method: request.method ?? '', path: url.pathname, query: url.searchParams },
      ...{ headers: request.headers, body: text === '' ? null : JSON.parse(text) },
    };
    asked.push(one);
    const given = answer(one);
    const { status, body } = given instanceof Status ? given : { status: 200, body: given };
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, asked };
}
