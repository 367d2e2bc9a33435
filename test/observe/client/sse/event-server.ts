import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Respond = (response: ServerResponse, request: IncomingMessage, nth: number) => unknown;

export interface Habits {
  /** What is done with the nth stream that is asked for, from 1. `true`: as usual after all. */
  readonly stream?: Respond;
  /** What is done with the nth message that is posted, from 1. */
  readonly post?: Respond;
}

export interface Post {
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  /** The port of the client's socket: the same for requests of one socket. */
  readonly from: number | undefined;
}

/** A server of events, over real sockets. Without habits every stream opens and is silent, and every message is accepted. */
export class EventServer implements AsyncDisposable {
  readonly streams: ServerResponse[] = [];
  readonly asked: IncomingMessage[] = [];
  readonly posts: Post[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(habits: Habits = {}, port = 0): Promise<EventServer> {
    const server = createServer((request, response) => void made?.serve(habits, request, response));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const made = new EventServer(server, (server.address() as AddressInfo).port);
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/events`;
  }

  /** The nth stream that was opened, from 1; waits for it. */
  async stream(nth = 1): Promise<ServerResponse> {
    for (;;) {
      const stream = this.streams[nth - 1];
      if (stream) return stream;
      await new Promise((resolve) => this.server.once('stream', resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(habits: Habits, request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    if (request.method === 'GET') return this.listen(habits, request, response);
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const { url: path = '', headers, socket } = request;
    this.posts.push({ path, body, headers, from: socket.remotePort });
    const act = habits.post ?? (() => true);
    if ((await act(response, request, this.posts.length)) === true) {
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ number: this.posts.length }));
    }
  }

  private async listen(habits: Habits, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(request);
    const act = habits.stream ?? (() => true);
    if ((await act(response, request, this.asked.length)) !== true) return;
    openStream(response);
    this.streams.push(response);
    this.server.emit('stream');
  }
}

export function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-instance': 'boot-1' });
  response.flushHeaders();
}

/** An event as it travels. */
export function eventOf(data: unknown, { id, event }: { id?: string; event?: string } = {}): string {
  const lines = [
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...`${typeof data === 'string' ? data : JSON.stringify(data)}`.split('\n').map((line) => `data: ${line}`),
  ];
  return `${lines.join('\n')}\n\n`;
}
