import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

export interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly thread_id?: string;
  readonly message?: string;
  readonly after?: number;
  readonly token?: string;
}

/** What a test may make a server do otherwise. */
export interface Misbehaviour {
  /** Answers the handshake itself; true when it did. `nth` counts handshakes from 1. */
  upgrade?(request: IncomingMessage, socket: Duplex, nth: number): boolean;
  /** Sees each connection first; true when it takes it over. */
  connected?(socket: WebSocket, request: IncomingMessage, nth: number): boolean;
  /** Sees each frame first; true when it answered. */
  frame?(socket: WebSocket, frame: Frame): boolean;
}

/** A small chat service that speaks the mission's protocol, in one room and one process; misbehaves as told. */
export class ChatServer implements AsyncDisposable {
  /** Still told when it is closed. */
  port = 0;
  readonly log: { readonly id: string; readonly text: string; readonly number: number }[] = [];
  readonly requests: IncomingMessage[] = [];
  readonly frames: Frame[] = [];
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 200 * 1024 * 1024,
    handleProtocols: (offered) => (offered.has('chat') ? 'chat' : ([...offered][0] ?? false)),
  });
  readonly #tcp = new Set<Socket>();
  #handshakes = 0;
  #connections = 0;

  private constructor(private readonly misbehaviour: Misbehaviour) {
    this.#http = createServer((_, response: ServerResponse) => response.writeHead(426).end());
    this.#http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.requests.push(request);
      if (misbehaviour.upgrade?.(request, socket, ++this.#handshakes) === true) return;
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#greet(client, request));
    });
    this.#http.on('connection', (socket: Socket) => this.#tcp.add(socket));
    this.#sockets.on('headers', (headers) => headers.push('x-instance: boot-1'));
  }

  static async start(misbehaviour: Misbehaviour = {}, port = 0): Promise<ChatServer> {
    const server = new ChatServer(misbehaviour);
    server.#http.listen(port, '127.0.0.1');
    await once(server.#http, 'listening');
    server.port = (server.#http.address() as AddressInfo).port;
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  get clients(): ReadonlySet<WebSocket> {
    return this.#sockets.clients;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#tcp) socket.destroy();
    if (this.#http.listening) await new Promise((resolve) => this.#http.close(resolve));
  }

  #greet(client: WebSocket, request: IncomingMessage): void {
    client.on('error', () => undefined);
    if (this.misbehaviour.connected?.(client, request, ++this.#connections) === true) return;
    client.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      this.frames.push(frame);
      if (this.misbehaviour.frame?.(client, frame) !== true) this.#answer(client, frame);
    });
  }

  #answer(client: WebSocket, { type, id = '', thread_id, message = '', after }: Frame): void {
    const say = (frame: unknown, to = client) => to.send(JSON.stringify(frame));
    const chatMessage = (one: (typeof this.log)[number]) => ({
      ...{ type: 'chat_message', id: one.id, thread_id, message: one.text, from: 'ada', number: one.number },
    });
    if (type === 'join') {
      say({ type: 'joined', thread_id, head: this.log.length });
      for (const one of this.log.slice(after ?? this.log.length)) say(chatMessage(one));
    }
    if (type === 'chat_message') {
      const stored = { id, text: message, number: this.log.length + 1 };
      this.log.push(stored);
      say({ type: 'ack', id, thread_id, number: stored.number });
      for (const other of this.#sockets.clients) say(chatMessage(stored), other);
    }
  }
}

/** Answers a handshake with something else than a WebSocket. */
export function refuse(socket: Duplex, status: number, headers: readonly string[] = [], body = ''): true {
  const lines = [
    `HTTP/1.1 ${status} No`,
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return true;
}
