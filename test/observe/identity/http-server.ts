import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A real HTTP server that answers as it is told; `null` breaks the connection. */
export class HttpServer implements AsyncDisposable {
  readonly requests: Request[] = [];
  readonly #server;
  origin = '';

  private constructor(answer: (request: Request, nth: number) => Reply | null | Promise<Reply | null>) {
    this.#server = createServer(async (incoming, response) => {
      const request = await read(incoming);
      this.requests.push(request);
      const reply = await answer(request, this.requests.length);
      if (reply === null) incoming.socket.destroy();
      else write(response, reply);
    });
  }

  static async start(
    answer: (request: Request, nth: number) => Reply | null | Promise<Reply | null>,
  ): Promise<HttpServer> {
    const server = new HttpServer(answer);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    server.origin = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function read(incoming: IncomingMessage): Promise<Request> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  const { method = '', url = '', headers } = incoming;
  return {
    method,
    path: url,
    authorization: headers.authorization,
    body: text === '' ? null : JSON.parse(text),
  };
}

function write(response: ServerResponse, { status = 200, json, text, headers }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text ?? (json === undefined ? '' : JSON.stringify(json)));
}
